using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Plans;

/// <summary>Counts the updates that theta has had: version k is what outer step k starts from.</summary>
public readonly record struct ThetaVersion(long Value) : IComparable<ThetaVersion>
{
    /// <summary>The version after one more update.</summary>
    public ThetaVersion Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(ThetaVersion other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether one version is older than another.</summary>
    public static bool operator <(ThetaVersion left, ThetaVersion right) => left.Value < right.Value;

    /// <summary>Whether one version is newer than another.</summary>
    public static bool operator >(ThetaVersion left, ThetaVersion right) => left.Value > right.Value;

    /// <summary>Whether one version is not newer than another.</summary>
    public static bool operator <=(ThetaVersion left, ThetaVersion right) => left.Value <= right.Value;

    /// <summary>Whether one version is not older than another.</summary>
    public static bool operator >=(ThetaVersion left, ThetaVersion right) => left.Value >= right.Value;
}

/// <summary>The meta-parameters at one version; never changes.</summary>
/// <typeparam name="T">Number type: float in runs, double in the published experiments.</typeparam>
public sealed class Theta<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly T[] _values;

    /// <summary>Takes a copy of <paramref name="values"/>.</summary>
    public Theta(ThetaVersion version, ReadOnlySpan<T> values)
    {
        Version = version;
        _values = values.ToArray();
    }

    /// <summary>The initial theta of a problem: version 0.</summary>
    /// <param name="problem">Its layout and its initial values.</param>
    /// <param name="seed">The run's seed: networks start at random values, hyper-parameters at given ones.</param>
    public static Theta<T> Initial(IInnerProblem<T> problem, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var values = new T[problem.Layout.Length];
        problem.InitialTheta(seed, values);
        return new Theta<T>(new ThetaVersion(0), values);
    }

    /// <summary>How many updates it has had.</summary>
    public ThetaVersion Version { get; }

    /// <summary>The values, in layout order.</summary>
    public ReadOnlySpan<T> Values => _values;

    /// <summary>Whether every value is finite.</summary>
    public bool IsFinite => Array.TrueForAll(_values, T.IsFinite);

    /// <summary>SHA-256 of the values as little-endian numbers in layout order.</summary>
    public byte[] Hash()
    {
        var bytes = new byte[_values.Length * Marshal.SizeOf<T>()];
        FlatBytes.Write(Values, bytes);
        return SHA256.HashData(bytes);
    }

    /// <summary><see cref="Hash"/> in lowercase hexadecimal digits.</summary>
    public string HashText() => Convert.ToHexStringLower(Hash());
}
