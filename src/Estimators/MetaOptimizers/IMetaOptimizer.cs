using System.Numerics;

namespace Involute.Estimators.MetaOptimizers;

/// <summary>Applies a meta-gradient to theta. Pure: what it remembers is a flat vector that the caller keeps.</summary>
public interface IMetaOptimizer<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Short name, as in the configuration.</summary>
    string Name { get; }

    /// <summary>Number of values it remembers for a theta of this length; initially all 0.</summary>
    int StateLength(int thetaLength);

    /// <summary>Updates theta and the memory in place. Computed in double, one rounding to T per element.</summary>
    void Update(Span<T> theta, Span<double> state, ReadOnlySpan<double> gradient);
}
