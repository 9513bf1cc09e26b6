using Involute.Tasks.Numerics;
using static Involute.Torch.Tests.Tasks.Naive.NaiveLayers;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>
/// Hochreiter, Schmidhuber, Neural Computation 9(8), with the forget gate of Gers, Schmidhuber, Cummins, Neural
/// Computation 12(10). Gates: input, forget, candidate, output.
/// </summary>
internal sealed class NaiveLstmLm(int width, int units, int[][] sequences)
    : NaiveRecurrentLm(width, units, states: 2, sequences)
{
    private readonly int _units = units;

    protected override double[][] Step(double[] input, double[] own, double[][] state)
    {
        var gates = Sum(input, own);
        var (hidden, cell) = (new double[_units], new double[_units]);
        for (var i = 0; i < _units; i++)
        {
            var (admit, forget) = (Sigmoid(gates[i]), Sigmoid(gates[_units + i]));
            var (candidate, output) = (PortableMath.Tanh(gates[(2 * _units) + i]), Sigmoid(gates[(3 * _units) + i]));
            cell[i] = (forget * state[1][i]) + (admit * candidate);
            hidden[i] = output * PortableMath.Tanh(cell[i]);
        }

        return [hidden, cell];
    }
}
