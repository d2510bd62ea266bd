return TimeSformer.Video.Isolation.DecodingProgram.Serve(args) ? 0 : 1;
