using System.Runtime.InteropServices;

namespace Microsoft.DotNet.Interactive.Jupyter.Wire;

/// <summary>The functions of libzmq that a kernel needs.</summary>
internal static unsafe partial class Zmq
{
    private const string Library = "libzmq.so.5";

    public const int Pair = 0, Pub = 1, Sub = 2, Rep = 4, Dealer = 5, Router = 6;
    public const int Identity = 5, Subscribe = 6, ReceiveMore = 13, Linger = 17, MaxMessageSize = 22, SendHighWaterMark = 23, RouterMandatory = 33, RouterHandover = 56;
    public const int DontWait = 1, SendMore = 2;
    public const short PollIn = 1;
    public const int ErrorAgain = 11, ErrorInterrupted = 4, ErrorUnreachable = 113;

    /// <summary>zmq_msg_t: 64 bytes that only libzmq looks into.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public struct Frame
    {
        private readonly long alignment;
    }

    /// <summary>zmq_pollitem_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollItem
    {
        public nint Socket;
        public int FileDescriptor;
        public short Events, Returned;
    }

    [LibraryImport(Library, EntryPoint = "zmq_ctx_new")] public static partial nint NewContext();

    [LibraryImport(Library, EntryPoint = "zmq_socket", SetLastError = true)] public static partial nint NewSocket(nint context, int type);

    [LibraryImport(Library, EntryPoint = "zmq_close")] public static partial void Close(nint socket);

    [LibraryImport(Library, EntryPoint = "zmq_setsockopt")] public static partial int SetOption(nint socket, int option, void* value, nuint length);

    [LibraryImport(Library, EntryPoint = "zmq_getsockopt")] public static partial int GetOption(nint socket, int option, void* value, nuint* length);

    [LibraryImport(Library, EntryPoint = "zmq_bind", StringMarshalling = StringMarshalling.Utf8)] public static partial int Bind(nint socket, string address);

    [LibraryImport(Library, EntryPoint = "zmq_connect", StringMarshalling = StringMarshalling.Utf8)] public static partial int Connect(nint socket, string address);

    [LibraryImport(Library, EntryPoint = "zmq_send")] public static partial int Send(nint socket, byte* data, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "zmq_msg_init")] public static partial void InitFrame(Frame* frame);

    [LibraryImport(Library, EntryPoint = "zmq_msg_recv")] public static partial int ReceiveFrame(Frame* frame, nint socket, int flags);

    [LibraryImport(Library, EntryPoint = "zmq_msg_data")] public static partial byte* FrameData(Frame* frame);

    [LibraryImport(Library, EntryPoint = "zmq_msg_size")] public static partial nuint FrameSize(Frame* frame);

    [LibraryImport(Library, EntryPoint = "zmq_msg_close")] public static partial void CloseFrame(Frame* frame);

    [LibraryImport(Library, EntryPoint = "zmq_poll")] public static partial int Poll(PollItem* items, int count, long timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "zmq_errno")] public static partial int Error();

    [LibraryImport(Library, EntryPoint = "zmq_strerror")] private static partial nint Describe(int error);

    public static IOException Failure(string what) => new($"{what}: {Marshal.PtrToStringUTF8(Describe(Error()))}");
}
