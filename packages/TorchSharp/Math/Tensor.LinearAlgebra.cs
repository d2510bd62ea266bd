using TorchSharp.Dispatch;

namespace TorchSharp;

/// <summary>When <see cref="torch.cdist"/> may use a matrix product.</summary>
public enum compute_mode
{
    use_mm_for_euclid_dist_if_necessary = 0,
    use_mm_for_euclid_dist = 1,
    donot_use_mm_for_euclid_dist = 2,
}

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Dispatcher.Call("matmul", this, target);

        public Tensor mm(Tensor target) => Dispatcher.Call("mm", this, target);

        public Tensor mv(Tensor target) => Dispatcher.Call("mv", this, target);

        public Tensor bmm(Tensor batch2) => Dispatcher.Call("bmm", this, batch2);

        public Tensor dot(Tensor target) => Dispatcher.Call("dot", this, target);

        public Tensor outer(Tensor vec2) => Dispatcher.Call("outer", this, vec2);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1f, float alpha = 1f) => Dispatcher.Call("addmm", this, mat1, mat2, (double)beta, (double)alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) => Dispatcher.Call("baddbmm", this, batch1, batch2, (double)beta, (double)alpha);
    }

    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);

    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);

    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);

    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);

    public static Tensor dot(Tensor input, Tensor other) => input.dot(other);

    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);

    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm(mat1, mat2, beta, alpha);

    public static Tensor addbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
        Dispatcher.Call("addbmm", input, batch1, batch2, (double)beta, (double)alpha);

    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) => input.baddbmm(batch1, batch2, beta, alpha);

    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2, compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary) =>
        Dispatcher.Call("cdist", x1, x2, p, (long)compute_mode);

    public static Tensor einsum(string equation, params Tensor[] tensors) => Dispatcher.Call("einsum", equation, tensors);
}
