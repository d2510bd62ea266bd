namespace Microsoft.DotNet.Interactive.Jupyter.Wire;

/// <summary>A ZeroMQ socket, for one thread at a time.</summary>
internal sealed unsafe class ZmqSocket : IDisposable
{
    /// <summary>A longer frame from outside closes its connection: nothing a notebook sends is near it.</summary>
    private const long LargestFrame = 64L << 20;

    private const int MostFrames = 1024;
    private static readonly Lazy<nint> Context = new(Zmq.NewContext);

    private nint handle;

    public ZmqSocket(int type)
    {
        handle = Zmq.NewSocket(Context.Value, type);
        if (handle == 0) throw Zmq.Failure("no ZeroMQ socket");
        Set(Zmq.Linger, 1000);
        Set(Zmq.MaxMessageSize, LargestFrame);
    }

    public void Set<T>(int option, T value) where T : unmanaged
    {
        if (Zmq.SetOption(handle, option, &value, (nuint)sizeof(T)) != 0) throw Zmq.Failure($"ZeroMQ option {option}");
    }

    /// <summary>The name by which a router knows this socket.</summary>
    public void SetIdentity(ReadOnlySpan<byte> name)
    {
        fixed (byte* data = name)
        {
            if (Zmq.SetOption(handle, Zmq.Identity, data, (nuint)name.Length) != 0) throw Zmq.Failure("naming a socket");
        }
    }

    public void SubscribeToAll()
    {
        if (Zmq.SetOption(handle, Zmq.Subscribe, null, 0) != 0) throw Zmq.Failure("subscribing");
    }

    public void Bind(string address)
    {
        if (Zmq.Bind(handle, address) != 0) throw Zmq.Failure($"cannot listen on {address}");
    }

    public void Connect(string address)
    {
        if (Zmq.Connect(handle, address) != 0) throw Zmq.Failure($"cannot connect to {address}");
    }

    /// <summary>Sends the frames of one message.</summary>
    /// <returns>False where its addressee is not connected, of a router that minds.</returns>
    public bool Send(IReadOnlyList<byte[]> frames)
    {
        for (int i = 0; i < frames.Count; i++)
        {
            fixed (byte* data = frames[i])
            {
                int flags = i + 1 < frames.Count ? Zmq.SendMore : 0;
                while (Zmq.Send(handle, data, (nuint)frames[i].Length, flags) < 0)
                {
                    if (Zmq.Error() == Zmq.ErrorUnreachable) return false;
                    if (Zmq.Error() != Zmq.ErrorInterrupted) throw Zmq.Failure("sending");
                }
            }
        }
        return true;
    }

    /// <summary>The frames of the next message; null where none comes within the time. -1 waits without end.</summary>
    public List<byte[]>? Receive(int timeoutMilliseconds = -1) => Poll([this], timeoutMilliseconds)[0] ? ReceiveNow() : null;

    /// <summary>Which of the sockets have a message; none after the time.</summary>
    public static bool[] Poll(ReadOnlySpan<ZmqSocket> sockets, int timeoutMilliseconds)
    {
        var items = stackalloc Zmq.PollItem[sockets.Length];
        for (int i = 0; i < sockets.Length; i++) items[i] = new() { Socket = sockets[i].handle, Events = Zmq.PollIn };
        while (Zmq.Poll(items, sockets.Length, timeoutMilliseconds) < 0)
        {
            if (Zmq.Error() != Zmq.ErrorInterrupted) throw Zmq.Failure("waiting for messages");
        }
        var ready = new bool[sockets.Length];
        for (int i = 0; i < ready.Length; i++) ready[i] = (items[i].Returned & Zmq.PollIn) != 0;
        return ready;
    }

    // Frames beyond the limit are read and dropped: the message is refused as a whole later, for it lacks them.
    private List<byte[]>? ReceiveNow()
    {
        List<byte[]> frames = [];
        int more = 1;
        while (more != 0)
        {
            Zmq.Frame frame;
            Zmq.InitFrame(&frame);
            while (Zmq.ReceiveFrame(&frame, handle, Zmq.DontWait) < 0)
            {
                if (Zmq.Error() == Zmq.ErrorAgain) return null;
                if (Zmq.Error() != Zmq.ErrorInterrupted) throw Zmq.Failure("receiving");
            }
            if (frames.Count <= MostFrames) frames.Add(new ReadOnlySpan<byte>(Zmq.FrameData(&frame), (int)Zmq.FrameSize(&frame)).ToArray());
            Zmq.CloseFrame(&frame);
            nuint length = sizeof(int);
            if (Zmq.GetOption(handle, Zmq.ReceiveMore, &more, &length) != 0) throw Zmq.Failure("receiving");
        }
        return frames.Count > MostFrames ? [] : frames;
    }

    public void Dispose()
    {
        if (handle != 0) Zmq.Close(handle);
        handle = 0;
    }
}
