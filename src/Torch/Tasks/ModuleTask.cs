using System.Collections.Concurrent;
using Involute.Tasks;
using Involute.Torch.Batching;
using Involute.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Involute.Torch.Tasks;

/// <summary>A task whose network is a TorchSharp module that exists already.</summary>
/// <remarks>
/// A module holds its own parameters, so a lane's are copied in before each pass, and lanes are computed one after the
/// other (<see cref="TorchBatching.Loop"/>). Parameters are named as the module names them, with <c>/</c> for its dots.
/// </remarks>
/// <typeparam name="TModule">The module's type.</typeparam>
public abstract class ModuleTask<TModule> : TorchTask
    where TModule : nn.Module
{
    private readonly Func<TModule> _create;
    private readonly ConcurrentBag<TModule> _idle = [];

    /// <summary>A task on a module.</summary>
    /// <param name="name">Short name.</param>
    /// <param name="create">Makes the module; called once for each thread that computes. Loads libtorch.</param>
    /// <exception cref="ArgumentException">The module has no parameters, or buffers: state that no checkpoint would
    /// have.</exception>
    /// <exception cref="TorchUnavailableException">libtorch cannot be loaded.</exception>
    protected ModuleTask(string name, Func<TModule> create)
        : this(name, create, Made(create))
    {
    }

    private ModuleTask(string name, Func<TModule> create, TModule first)
        : base(name, Shapes(first), TorchBatching.Loop)
    {
        _create = create;
        _idle.Add(first);
    }

    /// <inheritdoc/>
    internal sealed override bool IsDifferentiable => false;

    /// <inheritdoc/>
    public sealed override Tensor Loss(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var module = Rent();
        using (no_grad())
        {
            foreach (var (own, value) in module.parameters().Zip(parameters))
            {
                own.copy_(value);
            }
        }

        var loss = Loss(module, batch);
        _idle.Add(module);
        return loss;
    }

    /// <summary>The mean loss over the batch.</summary>
    /// <param name="module">It has the parameters of a lane.</param>
    /// <param name="batch">What <see cref="TorchTask.Gather"/> made, without the leading dimension.</param>
    /// <returns>float32 scalar.</returns>
    protected abstract Tensor Loss(TModule module, IReadOnlyList<Tensor> batch);

    /// <inheritdoc/>
    internal sealed override Tensor SingleLossAndGradient(Tensor parameters, Tensor[] batch, Tensor gradient)
    {
        var module = Rent();
        Tensor[] own = [.. module.parameters()];
        using (no_grad())
        {
            foreach (var (tensor, value) in own.Zip(LaneGradients.Views(this, parameters)))
            {
                tensor.copy_(value);
            }
        }

        var loss = Loss(module, batch);
        module.zero_grad();
        loss.backward(inputs: own);
        LaneGradients.Store(this, own, gradient);
        _idle.Add(module);
        return loss.detach();
    }

    /// <summary>
    /// By default matrices [outputs, inputs] and kernels are scaled by 1 / √inputs, other tensors named <c>weight</c>
    /// are 1, and all
    /// else is 0.
    /// </summary>
    /// <inheritdoc/>
    protected override InitialValues InitialOf(TensorSlice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return slice.Shape.Count > 1 ? new InitialValues(0, 1 / Math.Sqrt(slice.Length / slice.Shape[0]))
            : new InitialValues(slice.Name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0, 0);
    }

    // A module that an exception has left in an unknown state is dropped, not pooled.
    private TModule Rent()
    {
        var module = _idle.TryTake(out var idle) ? idle : Made(_create);
        return Place.Device == TorchDevice.Cpu ? module : module.to(Place.Ready());
    }

    private static TModule Made(Func<TModule> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        TorchRuntime.Ensure();
        using var scope = NewDisposeScope();
        var module = create();
        foreach (var tensor in module.parameters())
        {
            tensor.DetachFromDisposeScope();
        }

        return module;
    }

    private static (string Name, int[] Shape)[] Shapes(TModule module)
    {
        if (module.named_buffers().Select(buffer => buffer.name).FirstOrDefault() is { } name)
        {
            throw new ArgumentException(
                $"module {module.GetName()} has a buffer, {name}: state that no checkpoint would have; allowed: none "
                    + "(batch normalisation has none with track_running_stats: false)");
        }

        return
        [
            .. module.named_parameters().Select(named => (
                named.name.Replace('.', '/'), Array.ConvertAll(named.parameter.shape, size => checked((int)size)))),
        ];
    }
}
