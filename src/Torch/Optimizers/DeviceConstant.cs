using static TorchSharp.torch;

namespace Involute.Torch.Optimizers;

/// <summary>Numbers that an optimizer needs as a tensor, made once for each type and device.</summary>
/// <param name="values">The numbers.</param>
internal sealed class DeviceConstant(double[] values)
{
    private readonly List<Tensor> _made = [];

    /// <summary>The numbers, of the type and on the device of another tensor.</summary>
    /// <returns>As long as the numbers; belongs to this object.</returns>
    public Tensor Like(Tensor other)
    {
        foreach (var made in _made)
        {
            if (made.dtype == other.dtype && made.device_type == other.device_type
                && made.device_index == other.device_index)
            {
                return made;
            }
        }

        using var scope = NewDisposeScope();
        _made.Add(tensor(values).to_type(other.dtype).to(other.device).DetachFromDisposeScope());
        return _made[^1];
    }
}
