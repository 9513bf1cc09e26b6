using System.Numerics;
using Involute.Tasks.Randomness;

namespace Involute.Estimators.Noise;

/// <summary>Perturbations of theta, one at a time; a key that is asked for again is not drawn again.</summary>
/// <remarks>So a pair's perturbation is drawn once in a window: for its arms, and for what the window is worth.</remarks>
/// <typeparam name="T">Number type.</typeparam>
public sealed class Perturbation<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private T[] _values = [];
    private INoise<T>? _noise;
    private NoiseKey _key;

    /// <summary>The perturbation of a key; valid until another one is asked for.</summary>
    /// <param name="noise">Draws it.</param>
    /// <param name="key">Names it.</param>
    /// <param name="length">Theta's length.</param>
    public ReadOnlySpan<T> Of(INoise<T> noise, NoiseKey key, int length)
    {
        ArgumentNullException.ThrowIfNull(noise);
        if (!ReferenceEquals(noise, _noise) || key != _key || length != _values.Length)
        {
            _noise = null; // until it is drawn: a noise may fail
            Array.Resize(ref _values, length);
            noise.Fill(key, _values);
            (_noise, _key) = (noise, key);
        }

        return _values;
    }
}
