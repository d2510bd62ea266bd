using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Dispatcher.Call("add.Tensor", this, target);

        public Tensor add(Scalar scalar) => Dispatcher.Call("add.Scalar", this, scalar);

        public Tensor add_(Tensor target) => Dispatcher.Call("add_.Tensor", this, target);

        public Tensor add_(Scalar scalar) => Dispatcher.Call("add_.Scalar", this, scalar);

        public Tensor sub(Tensor target) => Dispatcher.Call("sub.Tensor", this, target);

        public Tensor sub(Scalar target) => Dispatcher.Call("sub.Scalar", this, target);

        public Tensor sub_(Tensor target) => Dispatcher.Call("sub_.Tensor", this, target);

        public Tensor sub_(Scalar target) => Dispatcher.Call("sub_.Scalar", this, target);

        public Tensor add(Tensor target, Scalar alpha) => Dispatcher.Call("add.Tensor", this, target, alpha);

        public Tensor add(Scalar scalar, Scalar alpha) => Dispatcher.Call("add.Scalar", this, scalar, alpha);

        public Tensor add_(Tensor target, Scalar alpha) => Dispatcher.Call("add_.Tensor", this, target, alpha);

        public Tensor add_(Scalar scalar, Scalar alpha) => Dispatcher.Call("add_.Scalar", this, scalar, alpha);

        public Tensor mul(Tensor target) => Dispatcher.Call("mul.Tensor", this, target);

        public Tensor mul(Scalar target) => Dispatcher.Call("mul.Scalar", this, target);

        public Tensor mul_(Tensor target) => Dispatcher.Call("mul_.Tensor", this, target);

        public Tensor mul_(Scalar target) => Dispatcher.Call("mul_.Scalar", this, target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Dispatcher.Call("div.Tensor_mode", this, target, Mode(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Dispatcher.Call("div.Scalar_mode", this, target, Mode(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Dispatcher.Call("div_.Tensor_mode", this, target, Mode(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Dispatcher.Call("div_.Scalar_mode", this, target, Mode(rounding_mode));

        private static Arg Mode(RoundingMode mode) => mode is RoundingMode.None ? Arg.None : mode.ToString();

        public Tensor fmod(Tensor target) => Dispatcher.Call("fmod.Tensor", this, target);

        public Tensor fmod(Scalar scalar) => Dispatcher.Call("fmod.Scalar", this, scalar);

        public Tensor remainder(Tensor target) => Dispatcher.Call("remainder.Tensor", this, target);

        public Tensor remainder(Scalar scalar) => Dispatcher.Call("remainder.Scalar", this, scalar);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Dispatcher.Call("addcdiv", this, tensor1, tensor2, value);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Dispatcher.Call("addcdiv", this, tensor1, tensor2);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Dispatcher.Call("addcdiv_", this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Dispatcher.Call("addcdiv_", this, tensor1, tensor2);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Dispatcher.Call("addcmul", this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Dispatcher.Call("addcmul_", this, tensor1, tensor2, value);

        public Tensor zero_() => Dispatcher.Call("zero_", this);

        public Tensor fill_(Scalar value) => Dispatcher.Call("fill_.Scalar", this, value);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Dispatcher.Call("copy_", this, source, nonBlocking);
    }

    public static Tensor add(Tensor left, Tensor right) => left.add(right);

    public static Tensor add(Tensor left, Scalar right) => left.add(right);

    public static Tensor sub(Tensor left, Tensor right) => left.sub(right);

    public static Tensor sub(Tensor left, Scalar right) => left.sub(right);

    public static Tensor mul(Tensor left, Tensor right) => left.mul(right);

    public static Tensor mul(Tensor left, Scalar right) => left.mul(right);

    public static Tensor multiply(Tensor left, Tensor right) => left.mul(right);

    public static Tensor multiply(Tensor left, Scalar right) => left.mul(right);

    public static Tensor subtract(Tensor left, Tensor right) => left.sub(right);

    public static Tensor subtract(Tensor left, Scalar right) => left.sub(right);

    public static Tensor fmod(Tensor left, Tensor right) => left.fmod(right);

    public static Tensor fmod(Tensor left, Scalar right) => left.fmod(right);

    public static Tensor remainder(Tensor left, Tensor right) => left.remainder(right);

    public static Tensor remainder(Tensor left, Scalar right) => left.remainder(right);

    public static Tensor div(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);

    public static Tensor div(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);

    public static Tensor divide(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);

    public static Tensor divide(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);

    public static Tensor true_divide(Tensor dividend, Tensor divisor) => dividend.div(divisor);

    public static Tensor add(Tensor left, Tensor right, Scalar alpha) => left.add(right, alpha);

    public static Tensor add(Tensor left, Scalar right, Scalar alpha) => left.add(right, alpha);
}
