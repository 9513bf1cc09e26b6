using System.Globalization;
using System.Text;
using Involute.Tasks.Randomness;

namespace Involute.Tasks.Unrolls;

/// <summary>A named, shaped copy of numbers, for people to read.</summary>
/// <param name="Name">Name, unique within its list.</param>
/// <param name="Shape">Sizes; empty for a scalar.</param>
/// <param name="Values">The values in row-major order.</param>
public sealed record NamedTensor<T>(string Name, IReadOnlyList<int> Shape, ReadOnlyMemory<T> Values)
{
    /// <summary>Copies one slice out of a flat vector.</summary>
    public static NamedTensor<T> Copy(TensorSlice slice, ReadOnlySpan<T> vector)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return new NamedTensor<T>(slice.Name, slice.Shape, vector.Slice(slice.Offset, slice.Length).ToArray());
    }

    /// <summary>Name, shape and the first two values, to four digits.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Name} [{string.Join(", ", Shape)}]");
        foreach (var value in Values.Span[..Math.Min(Values.Length, 2)])
        {
            text.Append(CultureInfo.InvariantCulture, $" {value:G4}");
        }

        return text.Append(Values.Length > 2 ? " .." : "").ToString();
    }
}

/// <summary>
/// An unroll that can show what its lanes hold: for consoles, notebooks and tours, not for the hot path.
/// </summary>
/// <typeparam name="T">Number type of the state.</typeparam>
public interface IInspectableUnroll<T>
{
    /// <summary>The state of one lane as named tensors, copied. Before the first reset all of it is zero.</summary>
    /// <exception cref="ArgumentException">The pairs have no such arm.</exception>
    IReadOnlyList<NamedTensor<T>> Inspect(int pair, Arm arm);

    /// <summary>Whether the lane is frozen because its loss was not finite.</summary>
    /// <exception cref="ArgumentException">The pairs have no such arm.</exception>
    bool IsFrozen(int pair, Arm arm);

    /// <summary>
    /// What a trajectory has drawn of its family of problems; empty where all trajectories have the same problem.
    /// </summary>
    IReadOnlyList<NamedTensor<T>> InspectSample(TrajectoryKey trajectory);
}
