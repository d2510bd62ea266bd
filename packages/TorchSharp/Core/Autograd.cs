using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Dispatch;

namespace TorchSharp;

public static partial class torch
{
    public static bool is_grad_enabled() => Native.td_grad_mode() != 0;

    public static bool is_inference_mode_enabled() => Native.td_inference_mode() != 0;

    public static IDisposable no_grad() => set_grad_enabled(false);

    public static IDisposable enable_grad(bool enabled = true) => set_grad_enabled(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    private sealed class GradMode : IDisposable
    {
        private readonly bool previous = is_grad_enabled();

        public GradMode(bool enabled) => Native.td_set_grad_mode(enabled ? 1 : 0);

        public void Dispose() => Native.td_set_grad_mode(previous ? 1 : 0);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint guard = Native.td_enter_inference_mode(enabled ? 1 : 0);

        public void Dispose()
        {
            if (guard == 0) return;
            Native.td_leave_inference_mode(guard);
            guard = 0;
        }
    }

    public static unsafe class autograd
    {
        public static IList<Tensor> grad(
            IList<Tensor> outputs,
            IList<Tensor> inputs,
            IList<Tensor>? grad_outputs = null,
            bool retain_graph = false,
            bool create_graph = false,
            bool allow_unused = false)
        {
            var grads = new nint[inputs.Count];
            nint[] from = Tensor.Handles(outputs), to = Tensor.Handles(inputs), seeds = Tensor.Handles(grad_outputs);
            fixed (nint* f = from, t = to, s = seeds, result = grads)
            {
                Native.Check(Native.td_grad(
                    f, from.Length, t, to.Length, s, seeds.Length, retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, result));
            }
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return grads.Select(handle => handle == 0 ? null! : new Tensor(handle)).ToList();
        }

        public static void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            nint[] from = Tensor.Handles(tensors), seeds = Tensor.Handles(grad_tensors), to = Tensor.Handles(inputs);
            fixed (nint* f = from, s = seeds, t = to)
            {
                Native.Check(Native.td_backward(
                    f, from.Length, s, seeds.Length, retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0, t, to.Length));
            }
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);
    }

    public partial class Tensor
    {
        public bool requires_grad
        {
            get
            {
                var required = Native.td_requires_grad(Handle);
                GC.KeepAlive(this);
                return required != 0;
            }

            set
            {
                Native.Check(Native.td_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public bool is_leaf
        {
            get
            {
                var leaf = Native.td_is_leaf(Handle);
                GC.KeepAlive(this);
                return leaf != 0;
            }
        }

        /// <summary>The accumulated gradient, a new wrapper at each read; null before the first backward pass.</summary>
        public unsafe Tensor? grad
        {
            get
            {
                nint found;
                Native.Check(Native.td_get_grad(Handle, &found));
                GC.KeepAlive(this);
                return found == 0 ? null : new Tensor(found);
            }

            set
            {
                Native.Check(Native.td_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(value);
                GC.KeepAlive(this);
            }
        }

        public void retain_grad()
        {
            Native.Check(Native.td_retain_grad(Handle));
            GC.KeepAlive(this);
        }

        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
