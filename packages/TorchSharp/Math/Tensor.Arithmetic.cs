using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Dispatcher.Call("add.Tensor", this, target);

        public Tensor add_(Tensor target) => Dispatcher.Call("add_.Tensor", this, target);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Dispatcher.Call("copy_", this, source, nonBlocking);

        public Tensor select(long dim, long index) => Dispatcher.Call("select.int", this, dim, index);

        public Tensor unsqueeze(long dim) => Dispatcher.Call("unsqueeze", this, dim);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            var converted = Dispatcher.Call("to.device", this, device, type, non_blocking, copy);
            if (disposeAfter) Dispose();
            return converted;
        }
    }
}
