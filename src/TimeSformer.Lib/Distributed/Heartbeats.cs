using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TimeSformer.Distributed;

/// <summary>
/// Who is still there: each process sends rank 0 a byte every second, and rank 0 sends one to each. Called on the thread that may call MPI.
/// </summary>
internal sealed unsafe class Heartbeats : IDisposable
{
    /// <summary>A process is lost when nothing is heard of it for so many of one's own beats: in seconds, about as many.</summary>
    public const int Patience = 20;

    private const int Tag = 1;
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(1);

    private readonly int[] peers;
    private readonly int[] silence;   // own beats since a peer was heard, so that a pause of this process accuses nobody
    private readonly nint[] sent;     // requests, 0 if completed
    private readonly nint buffer = (nint)NativeMemory.AllocZeroed(1); // MPI may write here at any time
    private readonly Stopwatch sinceBeat = Stopwatch.StartNew();

    public Heartbeats(int rank, int size)
    {
        peers = rank == 0 ? [.. Enumerable.Range(1, size - 1)] : [0];
        (silence, sent) = (new int[size], new nint[size]);
    }

    /// <summary>Hears the others and, once a second, is heard.</summary>
    /// <returns>The ranks of lost processes.</returns>
    public IReadOnlyList<int> Beat()
    {
        while (Mpi.Probe(Tag) is { } rank)
        {
            Mpi.Check(Mpi.MPI_Recv(buffer, 1, Mpi.Bytes, rank, Tag, Mpi.World, 0), "hear from the others");
            silence[rank] = 0;
        }
        if (sinceBeat.Elapsed < interval) return [];
        sinceBeat.Restart();
        foreach (int peer in peers)
        {
            if (sent[peer] != 0)
            {
                Mpi.Check(Mpi.MPI_Test(ref sent[peer], out int done, 0), "be heard");
                if (done != 0) sent[peer] = 0;
            }
            if (sent[peer] == 0)
            {
                Mpi.Check(Mpi.MPI_Isend(buffer, 1, Mpi.Bytes, peer, Tag, Mpi.World, out sent[peer]), "be heard");
            }
            silence[peer]++;
        }
        return [.. peers.Where(peer => silence[peer] > Patience)];
    }

    public void Dispose() => NativeMemory.Free((void*)buffer);
}
