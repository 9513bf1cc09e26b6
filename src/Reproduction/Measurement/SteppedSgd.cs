using Involute.Estimators.MetaOptimizers;

namespace Involute.Reproduction.Measurement;

/// <summary>Gradient descent whose learning rate is a function of the number of updates so far.</summary>
internal sealed class SteppedSgd(Func<int, double> learningRate) : IMetaOptimizer<double>
{
    public string Name => "sgd";

    public int StateLength(int thetaLength) => 1;

    public void Update(Span<double> theta, Span<double> state, ReadOnlySpan<double> gradient)
    {
        var rate = learningRate((int)state[0]);
        for (var i = 0; i < theta.Length; i++)
        {
            theta[i] -= rate * gradient[i];
        }

        state[0]++;
    }
}
