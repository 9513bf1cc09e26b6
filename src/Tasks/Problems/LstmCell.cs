using System.Numerics;
using Involute.Tasks.Numerics;

namespace Involute.Tasks.Problems;

/// <summary>
/// A long short-term memory cell (Hochreiter and Schmidhuber, 1997) over flat state: hidden, cell, scratch.
/// </summary>
internal static class LstmCell
{
    public static int StateLength(int units) => 6 * units;

    /// <summary>Reads one input; returns the new hidden state, which is a part of the state.</summary>
    /// <param name="gates">
    /// Rows of [input weights, state weights, input bias, state bias] for the input, forget, candidate and output
    /// gates.
    /// </param>
    /// <param name="input">As long as the hidden state.</param>
    /// <param name="state">What lasts from step to step.</param>
    public static Span<T> Advance<T>(ReadOnlySpan<T> gates, ReadOnlySpan<T> input, Span<T> state)
        where T : struct, IFloatingPointIeee754<T>
    {
        var units = input.Length;
        var hidden = state[..units];
        var cell = state.Slice(units, units);
        var sums = state[(2 * units)..];
        var width = (2 * units) + 2;
        for (var g = 0; g < sums.Length; g++)
        {
            var row = gates.Slice(g * width, width);
            sums[g] = Dot(row[..units], input) + Dot(row.Slice(units, units), hidden) + row[^2] + row[^1];
        }

        for (var u = 0; u < units; u++)
        {
            var kept = Sigmoid(sums[units + u]) * cell[u];
            cell[u] = kept + (Sigmoid(sums[u]) * PortableMath.Tanh(sums[(2 * units) + u]));
            hidden[u] = Sigmoid(sums[(3 * units) + u]) * PortableMath.Tanh(cell[u]);
        }

        return hidden;
    }

    /// <summary>Σ aᵢ bᵢ in order.</summary>
    public static T Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : struct, IFloatingPointIeee754<T>
    {
        var sum = T.Zero;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static T Sigmoid<T>(T x)
        where T : struct, IFloatingPointIeee754<T> => T.One / (T.One + PortableMath.Exp(-x));
}
