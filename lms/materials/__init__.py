"""Steps that give learners a file: documents to keep, documents to confirm, videos."""
