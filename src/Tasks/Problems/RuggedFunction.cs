using System.Numerics;
using Involute.Tasks.Numbers;

namespace Involute.Tasks.Problems;

/// <summary>f(x, y) = √(x² + 5) − √5 + sin²(y) e^(−5 x²) + ¼ |y − target|: a valley of wiggles along x = 0.</summary>
/// <remarks>Vicol, Metz, Sohl-Dickstein, PES, 2021, section 5.</remarks>
public sealed class RuggedFunction<T>(double target)
    where T : struct, IFloatingPointIeee754<T>
{
    private static readonly T Five = T.CreateChecked(5);
    private static readonly T RootOfFive = T.Sqrt(Five);
    private static readonly T Slope = T.CreateChecked(0.25);

    private readonly T _target = T.CreateChecked(target);

    /// <summary>f at a point.</summary>
    public TNumber Value<TNumber>(TNumber x, TNumber y)
        where TNumber : struct, ILaneNumber<TNumber, T>
    {
        var sin = TNumber.Sin(y);
        var hill = sin * sin * TNumber.Exp(x * x * -Five);
        return TNumber.Sqrt((x * x) + Five) - RootOfFive + hill + (TNumber.Abs(y - _target) * Slope);
    }

    /// <summary>f's derivatives by x and y.</summary>
    public (TNumber ByX, TNumber ByY) Gradient<TNumber>(TNumber x, TNumber y)
        where TNumber : struct, ILaneNumber<TNumber, T>
    {
        var (sin, cos) = (TNumber.Sin(y), TNumber.Cos(y));
        var hill = TNumber.Exp(x * x * -Five);
        var (up, down) = (TNumber.Constant(Slope), TNumber.Constant(-Slope));
        var towards = TNumber.IfLess(y, TNumber.Constant(_target), down, up);
        return (
            (x / TNumber.Sqrt((x * x) + Five)) - (x * sin * sin * hill * (Five + Five)),
            (sin * cos * hill * (T.One + T.One)) + towards);
    }
}
