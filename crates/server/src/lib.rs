//! The service: HTTP edge, sign-in, administration, command line.
