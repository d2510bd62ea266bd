using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Dispatcher.Call("abs", this);

        public Tensor abs_() => Dispatcher.Call("abs_", this);

        public Tensor ceil() => Dispatcher.Call("ceil", this);

        public Tensor ceil_() => Dispatcher.Call("ceil_", this);

        public Tensor cos() => Dispatcher.Call("cos", this);

        public Tensor cos_() => Dispatcher.Call("cos_", this);

        public Tensor exp() => Dispatcher.Call("exp", this);

        public Tensor exp_() => Dispatcher.Call("exp_", this);

        public Tensor floor() => Dispatcher.Call("floor", this);

        public Tensor floor_() => Dispatcher.Call("floor_", this);

        public Tensor frac() => Dispatcher.Call("frac", this);

        public Tensor frac_() => Dispatcher.Call("frac_", this);

        public Tensor log() => Dispatcher.Call("log", this);

        public Tensor log_() => Dispatcher.Call("log_", this);

        public Tensor log1p() => Dispatcher.Call("log1p", this);

        public Tensor log1p_() => Dispatcher.Call("log1p_", this);

        public Tensor log2() => Dispatcher.Call("log2", this);

        public Tensor log2_() => Dispatcher.Call("log2_", this);

        public Tensor log10() => Dispatcher.Call("log10", this);

        public Tensor log10_() => Dispatcher.Call("log10_", this);

        public Tensor expm1() => Dispatcher.Call("expm1", this);

        public Tensor expm1_() => Dispatcher.Call("expm1_", this);

        public Tensor neg() => Dispatcher.Call("neg", this);

        public Tensor neg_() => Dispatcher.Call("neg_", this);

        public Tensor reciprocal() => Dispatcher.Call("reciprocal", this);

        public Tensor reciprocal_() => Dispatcher.Call("reciprocal_", this);

        public Tensor relu() => Dispatcher.Call("relu", this);

        public Tensor rsqrt() => Dispatcher.Call("rsqrt", this);

        public Tensor rsqrt_() => Dispatcher.Call("rsqrt_", this);

        public Tensor sigmoid() => Dispatcher.Call("sigmoid", this);

        public Tensor sigmoid_() => Dispatcher.Call("sigmoid_", this);

        public Tensor sign() => Dispatcher.Call("sign", this);

        public Tensor sign_() => Dispatcher.Call("sign_", this);

        public Tensor sin() => Dispatcher.Call("sin", this);

        public Tensor sin_() => Dispatcher.Call("sin_", this);

        public Tensor sqrt() => Dispatcher.Call("sqrt", this);

        public Tensor sqrt_() => Dispatcher.Call("sqrt_", this);

        public Tensor square() => Dispatcher.Call("square", this);

        public Tensor tan() => Dispatcher.Call("tan", this);

        public Tensor tan_() => Dispatcher.Call("tan_", this);

        public Tensor tanh() => Dispatcher.Call("tanh", this);

        public Tensor tanh_() => Dispatcher.Call("tanh_", this);

        public Tensor trunc() => Dispatcher.Call("trunc", this);

        public Tensor trunc_() => Dispatcher.Call("trunc_", this);

        public Tensor erf() => Dispatcher.Call("erf", this);

        public Tensor erf_() => Dispatcher.Call("erf_", this);

        public Tensor erfinv() => Dispatcher.Call("erfinv", this);

        public Tensor erfinv_() => Dispatcher.Call("erfinv_", this);

        public Tensor relu_() => Dispatcher.Call("relu_", this);

        public Tensor round(long decimals = 0) => decimals == 0 ? Dispatcher.Call("round", this) : Dispatcher.Call("round.decimals", this, decimals);

        public Tensor gelu() => Dispatcher.Call("gelu", this);

        public Tensor gelu(Modules.GELU.Approximate approximate) => Dispatcher.Call("gelu", this, approximate.ToString());

        public Tensor softmax(long dim, ScalarType? dtype = null) => Dispatcher.Call("softmax.int", this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Dispatcher.Call("log_softmax.int", this, dim, dtype);

        public Tensor pow(Tensor exponent) => Dispatcher.Call("pow.Tensor_Tensor", this, exponent);

        public Tensor pow(Scalar exponent) => Dispatcher.Call("pow.Tensor_Scalar", this, exponent);

        public Tensor pow_(Tensor exponent) => Dispatcher.Call("pow_.Tensor", this, exponent);

        public Tensor pow_(Scalar exponent) => Dispatcher.Call("pow_.Scalar", this, exponent);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Dispatcher.Call("clamp", this, min, max);

        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Dispatcher.Call("clamp.Tensor", this, min, max);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Dispatcher.Call("clamp_", this, min, max);

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Dispatcher.Call("clamp_.Tensor", this, min, max);

        public Tensor clamp_max(Scalar max) => Dispatcher.Call("clamp_max", this, max);

        public Tensor clamp_min(Scalar min) => Dispatcher.Call("clamp_min", this, min);

        public Tensor lerp(Tensor end, Tensor weight) => Dispatcher.Call("lerp.Tensor", this, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight) => Dispatcher.Call("lerp_.Tensor", this, end, weight);

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) => Dispatcher.Call("nan_to_num", this, nan, posinf, neginf);

        public Tensor isfinite() => Dispatcher.Call("isfinite", this);

        public Tensor isinf() => Dispatcher.Call("isinf", this);

        public Tensor isnan() => Dispatcher.Call("isnan", this);

        public Tensor where(Tensor condition, Tensor y) => Dispatcher.Call("where.self", condition, this, y);

        public Tensor masked_fill(Tensor mask, Scalar value) => Dispatcher.Call("masked_fill.Scalar", this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Dispatcher.Call("masked_fill_.Scalar", this, mask, value);

        public Tensor masked_select(Tensor mask) => Dispatcher.Call("masked_select", this, mask);
    }
}
