using System.Numerics;

namespace Involute.Tasks.Numerics;

/// <content>The same functions for step functions of any number type.</content>
/// <remarks>
/// float and double go through the double functions above, so that bits do not depend on the machine. Any other type (a
/// dual number that carries a derivative) brings functions of its own.
/// </remarks>
public static partial class PortableMath
{
    /// <summary>e^x.</summary>
    public static T Exp<T>(T x)
        where T : struct, IFloatingPointIeee754<T> =>
        IsPlain<T>() ? T.CreateTruncating(Exp(double.CreateTruncating(x))) : T.Exp(x);

    /// <summary>ln x.</summary>
    public static T Log<T>(T x)
        where T : struct, IFloatingPointIeee754<T> =>
        IsPlain<T>() ? T.CreateTruncating(Log(double.CreateTruncating(x))) : T.Log(x);

    /// <summary>sin x.</summary>
    public static T Sin<T>(T x)
        where T : struct, IFloatingPointIeee754<T> =>
        IsPlain<T>() ? T.CreateTruncating(Sin(double.CreateTruncating(x))) : T.Sin(x);

    /// <summary>cos x.</summary>
    public static T Cos<T>(T x)
        where T : struct, IFloatingPointIeee754<T> =>
        IsPlain<T>() ? T.CreateTruncating(Cos(double.CreateTruncating(x))) : T.Cos(x);

    /// <summary>tanh x.</summary>
    public static T Tanh<T>(T x)
        where T : struct, IFloatingPointIeee754<T> =>
        IsPlain<T>() ? T.CreateTruncating(Tanh(double.CreateTruncating(x))) : T.Tanh(x);

    // Known when a generic method is compiled for a value type: the other branch is not in the machine code.
    private static bool IsPlain<T>() => typeof(T) == typeof(double) || typeof(T) == typeof(float);
}
