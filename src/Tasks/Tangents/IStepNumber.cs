using System.Numerics;
using Involute.Tasks.Numbers;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Tangents;

/// <summary>
/// What a differentiable step function may do with its numbers: the four operations and a few functions, with the same
/// bits on every machine. Branch on <see cref="Value"/>; any other function is one call of <see cref="Chain"/>.
/// </summary>
/// <remarks>
/// Two types implement it: <see cref="Real{T}"/> and <see cref="Dual{T}"/>. Why not the runtime's number interfaces:
/// docs/decisions/0005-numbers-with-a-derivative.md.
/// </remarks>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="T">The floating-point type behind it.</typeparam>
public interface IStepNumber<TSelf, T> : ILaneNumber<TSelf, T>
    where TSelf : struct, IStepNumber<TSelf, T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Whether slopes are used at all; where not, they need not be computed.</summary>
    static abstract bool HasTangent { get; }

    /// <summary>The number itself.</summary>
    T Value { get; }

    /// <summary>f(x), given f's value and slope at x: the chain rule for any function of one number.</summary>
    static abstract TSelf Chain(TSelf x, T value, T slope);

    /// <inheritdoc/>
    static TSelf ILaneNumber<TSelf, T>.OfLanes(ReadOnlySpan<T> values) => TSelf.Constant(values[0]);

    /// <inheritdoc/>
    static TSelf ILaneNumber<TSelf, T>.Exp(TSelf x)
    {
        var value = T.CreateTruncating(PortableMath.Exp(double.CreateTruncating(x.Value)));
        return TSelf.Chain(x, value, value);
    }

    /// <inheritdoc/>
    static TSelf ILaneNumber<TSelf, T>.Log(TSelf x) =>
        TSelf.Chain(x, T.CreateTruncating(PortableMath.Log(double.CreateTruncating(x.Value))), T.One / x.Value);

    /// <inheritdoc/>
    static TSelf ILaneNumber<TSelf, T>.Sqrt(TSelf x)
    {
        var value = T.Sqrt(x.Value);
        return TSelf.Chain(x, value, T.One / (value + value));
    }

    /// <inheritdoc/>
    /// <remarks>Its slope at 0 is taken as 0.</remarks>
    static TSelf ILaneNumber<TSelf, T>.Abs(TSelf x) =>
        TSelf.Chain(x, T.Abs(x.Value), T.IsZero(x.Value) ? T.Zero : T.CopySign(T.One, x.Value));

    /// <inheritdoc/>
    static TSelf ILaneNumber<TSelf, T>.Sin(TSelf x) =>
        TSelf.Chain(x, PortableMath.Sin(x.Value), TSelf.HasTangent ? PortableMath.Cos(x.Value) : T.Zero);

    /// <inheritdoc/>
    static TSelf ILaneNumber<TSelf, T>.Cos(TSelf x) =>
        TSelf.Chain(x, PortableMath.Cos(x.Value), TSelf.HasTangent ? -PortableMath.Sin(x.Value) : T.Zero);

    /// <inheritdoc/>
    static TSelf ILaneNumber<TSelf, T>.Tanh(TSelf x)
    {
        var value = PortableMath.Tanh(x.Value);
        return TSelf.Chain(x, value, T.One - (value * value));
    }

    /// <inheritdoc/>
    /// <remarks>The derivative is that of the number that is chosen.</remarks>
    static TSelf ILaneNumber<TSelf, T>.IfLess(TSelf left, TSelf right, TSelf then, TSelf otherwise) =>
        left.Value < right.Value ? then : otherwise;
}
