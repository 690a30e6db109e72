//! minigo-frontend
