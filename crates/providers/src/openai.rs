//! OpenAI's protocol: chat completions, embeddings and model lists, and every look-alike.
//!
//! The caller's bytes are relayed with the fewest edits on the way out, and the provider's bytes
//! as they are on the way back, unless they depart from OpenAI's own schema: then they are
//! repaired, so that a caller meets one dialect whoever answers.
