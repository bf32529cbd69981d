"""What people and the authority are told of the processing: the privacy notice, the record of processing."""
