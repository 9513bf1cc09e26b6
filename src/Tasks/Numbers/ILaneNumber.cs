using System.Numerics;

namespace Involute.Tasks.Numbers;

/// <summary>
/// What a step that runs on several lanes at once may do with its numbers: the four operations, a few functions, and a choice
/// between two numbers in place of a branch. The same bits on every machine, and in every lane those of a plain number.
/// </summary>
/// <typeparam name="TSelf">The implementing type: one number, or the same number of several lanes.</typeparam>
/// <typeparam name="T">The floating-point type behind it.</typeparam>
public interface ILaneNumber<TSelf, T> :
    IAdditionOperators<TSelf, TSelf, TSelf>,
    ISubtractionOperators<TSelf, TSelf, TSelf>,
    IMultiplyOperators<TSelf, TSelf, TSelf>,
    IDivisionOperators<TSelf, TSelf, TSelf>,
    IUnaryNegationOperators<TSelf, TSelf>
    where TSelf : struct, ILaneNumber<TSelf, T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>A number that does not depend on theta, the same in all lanes.</summary>
    static abstract TSelf Constant(T value);

    /// <summary>Numbers that do not depend on theta: one for each lane, or one.</summary>
    static abstract TSelf OfLanes(ReadOnlySpan<T> values);

    /// <summary>Sum with a constant.</summary>
    static virtual TSelf operator +(TSelf left, T right) => left + TSelf.Constant(right);

    /// <summary>Difference from a constant.</summary>
    static virtual TSelf operator -(TSelf left, T right) => left - TSelf.Constant(right);

    /// <summary>Product with a constant.</summary>
    static virtual TSelf operator *(TSelf left, T right) => left * TSelf.Constant(right);

    /// <summary>e^x.</summary>
    static abstract TSelf Exp(TSelf x);

    /// <summary>ln x.</summary>
    static abstract TSelf Log(TSelf x);

    /// <summary>√x.</summary>
    static abstract TSelf Sqrt(TSelf x);

    /// <summary>|x|.</summary>
    static abstract TSelf Abs(TSelf x);

    /// <summary>Sine of an angle in radians.</summary>
    static abstract TSelf Sin(TSelf x);

    /// <summary>Cosine of an angle in radians.</summary>
    static abstract TSelf Cos(TSelf x);

    /// <summary>tanh x.</summary>
    static abstract TSelf Tanh(TSelf x);

    /// <summary>In each lane <paramref name="then"/> where left &lt; right, else <paramref name="otherwise"/>.</summary>
    static abstract TSelf IfLess(TSelf left, TSelf right, TSelf then, TSelf otherwise);

    /// <summary>x, or the bound that it lies beyond; NaN stays NaN.</summary>
    static virtual TSelf Clamp(TSelf x, T least, T most)
    {
        var (low, high) = (TSelf.Constant(least), TSelf.Constant(most));
        return TSelf.IfLess(x, low, low, TSelf.IfLess(high, x, high, x));
    }
}
