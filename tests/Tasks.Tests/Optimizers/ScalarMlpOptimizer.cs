namespace Involute.Tasks.Tests.Optimizers;

/// <summary>MLPLOpt in floats, one element after the other.</summary>
internal sealed class ScalarMlpOptimizer(TensorSlice[] tensors, int hiddenSize, int hiddenLayers)
    : ScalarRule(tensors, 8, hiddenSize, hiddenLayers)
{
    private static readonly float[] Rates = [0.9f, 0.5f, 0.1f, 0.01f, 0.001f, 0.0001f];

    public override void Update(float[] theta, float[] parameters, float[] state, float[] gradient)
    {
        var slot = parameters.Length;
        for (var i = 0; i < Rates.Length * slot; i++)
        {
            Average(ref state[i], gradient[i % slot], Rates[i / slot]);
        }

        Step(theta, parameters, state[6 * slot]++, tensor =>
        {
            float[] Part(float[] values, int start) => values[(start + tensor.Offset)..][..tensor.Length];
            return [Part(gradient, 0), Part(parameters, 0), .. Rates.Select((_, d) => Part(state, d * slot))];
        });
    }
}
