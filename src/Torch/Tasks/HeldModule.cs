using static TorchSharp.torch;

namespace Involute.Torch.Tasks;

/// <summary>A module that computes one lane at a time, with the parameters that are copied into it.</summary>
/// <typeparam name="TModule">The module's type.</typeparam>
internal sealed class HeldModule<TModule>
    where TModule : nn.Module
{
    private readonly Tensor[] _parameters;
    private readonly (Tensor Live, Tensor Kept)[] _rest;

    /// <summary>Holds a module.</summary>
    /// <param name="module">The module; nothing else may use it.</param>
    /// <param name="parameters">Those that a lane has; the module holds them too.</param>
    /// <param name="rest">What every pass begins with as it is now: buffers, parameters that are not trained.</param>
    public HeldModule(TModule module, IReadOnlyList<Tensor> parameters, IEnumerable<Tensor> rest)
    {
        Module = module;
        _parameters = [.. parameters];
        using var scope = NewDisposeScope();
        using var none = no_grad();
        _rest = [.. rest.Select(tensor => (Detached(tensor), tensor.clone().DetachFromDisposeScope()))];
        foreach (var tensor in _parameters)
        {
            _ = Detached(tensor);
        }
    }

    /// <summary>The module.</summary>
    public TModule Module { get; }

    /// <summary>Gives it the parameters of a lane.</summary>
    /// <param name="values">As many as were named, of the same shapes.</param>
    public void Set(IReadOnlyList<Tensor> values)
    {
        using var none = no_grad();
        foreach (var (own, value) in _parameters.Zip(values))
        {
            own.copy_(value);
        }

        foreach (var (live, kept) in _rest)
        {
            live.copy_(kept);
        }
    }

    /// <summary>Loss and gradient of a lane.</summary>
    /// <param name="task">Says where in the gradient each tensor's lies.</param>
    /// <param name="parameters">Flat.</param>
    /// <param name="lossOf">Computes the loss.</param>
    /// <param name="gradient">As <paramref name="parameters"/>; receives the gradient.</param>
    /// <returns>A scalar, detached; in the scope of the caller.</returns>
    public Tensor LossAndGradient(TorchTask task, Tensor parameters, Func<TModule, Tensor> lossOf, Tensor gradient)
    {
        Set(LaneGradients.Views(task, parameters));
        var loss = lossOf(Module);
        Module.zero_grad();
        loss.backward(inputs: _parameters);
        LaneGradients.Store(task, _parameters, gradient);
        return loss.detach();
    }

    // A module made within a scope would lose its tensors with it.
    private static Tensor Detached(Tensor tensor) => tensor.DetachFromDisposeScope();
}
