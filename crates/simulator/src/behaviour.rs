//! How a call is answered, apart from what it says.

use std::time::Duration;

use crate::faults::{Fault, Place};
use crate::gate::Gate;

/// How the calls of one key or one model are answered. The default is a correct answer at once.
///
/// ```
/// use tollgate_simulator::{Behaviour, Fault, Place};
/// let twice_overloaded = Behaviour::failing(Fault::error("503")).first(2);
/// let cut = Behaviour::failing(Fault::Cut(Place::Middle)).tokens_per_second(20.0);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Behaviour {
    /// Time before the status line is sent; `None` leaves it to the simulator's default behaviour.
    pub latency: Option<Duration>,
    /// How long a stream is silent once it is open, before its content, as a model that thinks is.
    pub silence: Option<Duration>,
    /// Speed of the content; `None` leaves it to the simulator's default behaviour.
    pub tokens_per_second: Option<f64>,
    /// What goes wrong.
    pub fault: Option<Fault>,
    /// The fault hits only so many calls, and those after them succeed.
    pub fault_first: Option<u32>,
    /// Where answers wait, and for what.
    pub holds: Vec<(Place, Gate)>,
    /// What the model says, instead of an answer which mentions the question.
    pub text: Option<String>,
    /// How many prompt tokens were read from the provider's cache, at most all of them.
    pub cached_tokens: u64,
    /// Where the usage is told.
    pub usage: UsageStyle,
    /// Whether an answer is streamed.
    pub stream: StreamStyle,
    /// Later fragments of a streamed tool call repeat `id` and `name`, empty (as Qwen does).
    pub empty_tool_ids: bool,
    /// How the bytes are laid out.
    pub wire: Wire,
}

/// Where the usage of a chat answer is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UsageStyle {
    /// As OpenAI: in whole answers, and in streams when `stream_options.include_usage` asks for it.
    #[default]
    AsAsked,
    /// As Moonshot: also in `choices[0]` of a stream's last chunk, asked or not.
    InChoice,
    /// Nowhere.
    Never,
}

/// Whether a chat answer is streamed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StreamStyle {
    /// When the request asks for it.
    #[default]
    AsAsked,
    /// Never: a stream request gets a whole JSON answer.
    Never,
    /// Always, even when nobody asked.
    Always,
}

/// How the bytes of an answer are laid out.
#[derive(Debug, Clone, Default)]
pub struct Wire {
    /// What ends a line of a stream.
    pub line_end: LineEnd,
    /// Send at most so many bytes at a time.
    pub bytes_at_a_time: Option<usize>,
    /// Time between two such pieces.
    pub piece_pause: Option<Duration>,
    /// A byte order mark opens the stream.
    pub bom: bool,
    /// A keep-alive comment stands before each event.
    pub comments: bool,
    /// The stream ends without its closing `[DONE]`.
    pub no_done: bool,
    /// Blank lines stand before a whole answer (as DeepSeek sends them while it is busy).
    pub blank_lines: bool,
    /// The `content-type` to claim, whatever the body is.
    pub content_type: Option<String>,
}

/// What ends a line of a stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LineEnd {
    /// `\n`
    #[default]
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r`
    Cr,
}

impl LineEnd {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::Cr => "\r",
        }
    }
}

impl Behaviour {
    /// A correct answer at once, whatever the simulator's own default is.
    pub fn fast() -> Self {
        Self::default().latency(Duration::ZERO).tokens_per_second(f64::INFINITY)
    }

    /// An answer which goes wrong in this way.
    pub fn failing(fault: Fault) -> Self {
        Self { fault: Some(fault), ..Self::default() }
    }

    /// The same, waiting at `place` until `gate` lets it through.
    pub fn held(place: Place, gate: &Gate) -> Self {
        Self::default().hold(place, gate)
    }

    /// Only the first so many calls meet the fault.
    pub fn first(mut self, calls: u32) -> Self {
        self.fault_first = Some(calls);
        self
    }

    /// Sets the time before the status line.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = Some(latency);
        self
    }

    /// Sets how long a stream is silent once it is open.
    pub fn silence(mut self, silence: Duration) -> Self {
        self.silence = Some(silence);
        self
    }

    /// Sets the speed of the content; infinity or zero sends it at once.
    pub fn tokens_per_second(mut self, rate: f64) -> Self {
        self.tokens_per_second = Some(rate);
        self
    }

    /// Waits at `place`, too, until `gate` lets the answer through.
    pub fn hold(mut self, place: Place, gate: &Gate) -> Self {
        self.holds.push((place, gate.clone()));
        self
    }

    /// Sets what the model says.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Sets how many prompt tokens came from the cache.
    pub fn cached_tokens(mut self, tokens: u64) -> Self {
        self.cached_tokens = tokens;
        self
    }

    /// Sets where the usage is told.
    pub fn usage(mut self, usage: UsageStyle) -> Self {
        self.usage = usage;
        self
    }

    /// Sets whether answers are streamed.
    pub fn stream(mut self, stream: StreamStyle) -> Self {
        self.stream = stream;
        self
    }

    /// Sets how the bytes are laid out.
    pub fn wire(mut self, wire: Wire) -> Self {
        self.wire = wire;
        self
    }

    /// Fills in the delays this behaviour leaves open from another one.
    pub(crate) fn or_delays_of(mut self, other: &Self) -> Self {
        self.latency = self.latency.or(other.latency);
        self.tokens_per_second = self.tokens_per_second.or(other.tokens_per_second);
        self
    }

    pub(crate) fn streams(&self, asked: bool) -> bool {
        match self.stream {
            StreamStyle::AsAsked => asked,
            StreamStyle::Never => false,
            StreamStyle::Always => true,
        }
    }

    /// How long so many tokens take to make.
    pub(crate) fn time_of(&self, tokens: u64) -> Duration {
        match self.tokens_per_second {
            Some(rate) if rate.is_finite() && rate > 0.0 => {
                Duration::from_secs_f64(tokens as f64 / rate)
            }
            _ => Duration::ZERO,
        }
    }
}
