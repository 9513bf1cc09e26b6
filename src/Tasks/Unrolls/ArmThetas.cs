namespace Involute.Tasks.Unrolls;

/// <summary>The theta that each arm of each pair of an unroll runs under: [pair, arm, theta element], flat.</summary>
public readonly ref struct ArmThetas<T>
{
    private readonly ReadOnlySpan<T> _values;
    private readonly int _arms;
    private readonly int _length;

    /// <summary>Views a buffer of pairs × arms × <paramref name="thetaLength"/> values.</summary>
    public ArmThetas(ReadOnlySpan<T> values, int arms, int thetaLength)
    {
        if (values.Length % (arms * thetaLength) != 0)
        {
            throw new ArgumentException($"{values.Length} values are no whole number of pairs with {arms} arms of {thetaLength}");
        }

        _values = values;
        _arms = arms;
        _length = thetaLength;
    }

    /// <summary>Theta of one arm (by its index in the set) of one pair.</summary>
    public ReadOnlySpan<T> this[int pair, int arm] => _values.Slice(((pair * _arms) + arm) * _length, _length);
}
