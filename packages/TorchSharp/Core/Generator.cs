using System;
using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers with a state of its own.</summary>
    public class Generator : IDisposable
    {
        private nint handle;

        public unsafe Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            nint created;
            Native.Check(Native.td_new_generator((int)this.device.type, this.device.index, &created));
            handle = created;
            manual_seed((long)seed);
        }

        private Generator(Device device, nint handle) => (this.device, this.handle) = (device, handle);

        ~Generator() => Dispose(false);

        /// <summary>The CPU generator that operators use when none is given.</summary>
        public static Generator Default { get; } = DefaultOf(CPU);

        internal static unsafe Generator DefaultOf(Device device)
        {
            nint found;
            Native.Check(Native.td_default_generator((int)device.type, device.index, &found));
            return new Generator(device, found);
        }

        public Device device { get; }

        public IntPtr Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Generator));

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.td_generator_set_seed(Handle, seed));
            GC.KeepAlive(this);
            return this;
        }

        public long initial_seed() => Native.td_generator_initial_seed(Handle);

        public unsafe long seed()
        {
            long drawn;
            Native.Check(Native.td_generator_random_seed(Handle, &drawn));
            GC.KeepAlive(this);
            return drawn;
        }

        public unsafe Tensor get_state()
        {
            nint state;
            Native.Check(Native.td_generator_get_state(Handle, &state));
            GC.KeepAlive(this);
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            Native.Check(Native.td_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(value);
            GC.KeepAlive(this);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (handle == 0) return;
            Native.td_free_generator(handle);
            handle = 0;
        }
    }

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long initial_seed() => Generator.Default.initial_seed();

        public static long seed() => Generator.Default.seed();

        public static Tensor get_rng_state() => Generator.Default.get_state();

        public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);
    }

    /// <summary>Seeds the generators of all devices.</summary>
    public static Generator manual_seed(long seed)
    {
        Native.Check(Native.td_manual_seed(seed));
        return Generator.Default;
    }

    public static long initial_seed() => random.initial_seed();

    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    public static int get_num_threads() => Native.td_get_num_threads();

    public static void set_num_threads(int num) => Native.Check(Native.td_set_num_threads(num));

    public static int get_num_interop_threads() => Native.td_get_num_interop_threads();

    public static void set_num_interop_threads(int num) => Native.Check(Native.td_set_num_interop_threads(num));

    public static string __version__ { get; } = System.Runtime.InteropServices.Marshal.PtrToStringUTF8(Native.td_version())!;
}
