using Involute.Tasks.Numerics;
using static Involute.Torch.Tests.Tasks.Naive.NaiveLayers;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>
/// Cho et al., arXiv 1406.1078, equations 5 to 8, except that the reset gate multiplies the hidden state's part of the
/// candidate behind the matrix, not before it. Gates: reset, update, candidate.
/// </summary>
internal sealed class NaiveGruLm(int width, int units, int[][] sequences)
    : NaiveRecurrentLm(width, units, states: 1, sequences)
{
    private readonly int _units = units;

    protected override double[][] Step(double[] input, double[] own, double[][] state)
    {
        var hidden = new double[_units];
        for (var i = 0; i < _units; i++)
        {
            var (update, candidate) = (_units + i, (2 * _units) + i);
            var r = Sigmoid(input[i] + own[i]);
            var z = Sigmoid(input[update] + own[update]);
            hidden[i] = (z * state[0][i]) + ((1 - z) * PortableMath.Tanh(input[candidate] + (r * own[candidate])));
        }

        return [hidden];
    }
}
