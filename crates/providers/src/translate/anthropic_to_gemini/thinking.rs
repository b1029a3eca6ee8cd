//! Whether, and how hard, the model thinks; what each depth is to Gemini is told at [`Depth`].
//!
//! | `thinking` | `output_config.effort` | Gemini |
//! | --- | --- | --- |
//! | absent | absent | nothing |
//! | `disabled` | any | the least there is, thoughts untold |
//! | `enabled` | absent | the budget's depth, thoughts told |
//! | `adaptive`, `between_tools` | absent | the model's own depth, thoughts told |
//! | anything else | given | the effort's depth, thoughts told unless `thinking` is absent |

use crate::gemini::wire::Thinking;
use crate::protocol::Target;
use crate::translate::anthropic_request::Asked;
use crate::translate::gemini_request::{Depth, thinking};
use crate::translate::longest::at_most;

/// How hard the model thinks for the caller; `Err` where it cannot be had.
pub(super) fn config(asked: &Asked<'_>, target: &Target<'_>) -> Result<Option<Thinking>, ()> {
    let longest = asked.fields.max_tokens.map(|wanted| at_most(wanted, target));
    let longest = longest.or(target.max_output_tokens);
    let wanted = asked.fields.thinking.as_ref();
    let depth = match (wanted, asked.effort()) {
        (None, None) => return Ok(None),
        (Some(wanted), _) if wanted.kind == "disabled" => {
            return thinking(Depth::Least, false, longest, target);
        }
        (_, Some(effort)) => Depth::Effort(effort),
        (Some(wanted), None) => wanted.budget_tokens.map_or(Depth::Own, Depth::Budget),
    };
    thinking(depth, wanted.is_some(), longest, target)
}
