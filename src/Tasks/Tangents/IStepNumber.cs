using System.Numerics;
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
public interface IStepNumber<TSelf, T> :
    IAdditionOperators<TSelf, TSelf, TSelf>,
    ISubtractionOperators<TSelf, TSelf, TSelf>,
    IMultiplyOperators<TSelf, TSelf, TSelf>,
    IDivisionOperators<TSelf, TSelf, TSelf>,
    IUnaryNegationOperators<TSelf, TSelf>
    where TSelf : struct, IStepNumber<TSelf, T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Whether slopes are used at all; where not, they need not be computed.</summary>
    static abstract bool HasTangent { get; }

    /// <summary>The number itself.</summary>
    T Value { get; }

    /// <summary>A number that does not depend on theta.</summary>
    static abstract TSelf Constant(T value);

    /// <summary>f(x), given f's value and slope at x: the chain rule for any function of one number.</summary>
    static abstract TSelf Chain(TSelf x, T value, T slope);

    /// <summary>Sum with a constant.</summary>
    static virtual TSelf operator +(TSelf left, T right) => left + TSelf.Constant(right);

    /// <summary>Difference from a constant.</summary>
    static virtual TSelf operator -(TSelf left, T right) => left - TSelf.Constant(right);

    /// <summary>Product with a constant.</summary>
    static virtual TSelf operator *(TSelf left, T right) => left * TSelf.Constant(right);

    /// <summary>e^x.</summary>
    static virtual TSelf Exp(TSelf x)
    {
        var value = T.CreateTruncating(PortableMath.Exp(double.CreateTruncating(x.Value)));
        return TSelf.Chain(x, value, value);
    }

    /// <summary>ln x.</summary>
    static virtual TSelf Log(TSelf x) =>
        TSelf.Chain(x, T.CreateTruncating(PortableMath.Log(double.CreateTruncating(x.Value))), T.One / x.Value);

    /// <summary>√x.</summary>
    static virtual TSelf Sqrt(TSelf x)
    {
        var value = T.Sqrt(x.Value);
        return TSelf.Chain(x, value, T.One / (value + value));
    }

    /// <summary>|x|; its slope at 0 is taken as 0.</summary>
    static virtual TSelf Abs(TSelf x) =>
        TSelf.Chain(x, T.Abs(x.Value), T.IsZero(x.Value) ? T.Zero : T.CopySign(T.One, x.Value));

    /// <summary>Sine of an angle in radians.</summary>
    static virtual TSelf Sin(TSelf x) =>
        TSelf.Chain(x, PortableMath.Sin(x.Value), TSelf.HasTangent ? PortableMath.Cos(x.Value) : T.Zero);

    /// <summary>Cosine of an angle in radians.</summary>
    static virtual TSelf Cos(TSelf x) =>
        TSelf.Chain(x, PortableMath.Cos(x.Value), TSelf.HasTangent ? -PortableMath.Sin(x.Value) : T.Zero);
}
