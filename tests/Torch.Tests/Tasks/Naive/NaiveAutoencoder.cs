using static Involute.Torch.Tests.Tasks.Naive.NaiveLayers;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>The autoencoder: mean squared error of the pixels.</summary>
internal sealed class NaiveAutoencoder(double[][] images) : NaiveModel
{
    public override double Loss(NamedTensors parameters) => images.Average(image => Loss(parameters, image));

    private static double Loss(NamedTensors p, double[] image)
    {
        var hidden = Relu(Dense(image, p["encoder/w0"], p["encoder/b0"]));
        var code = Dense(hidden, p["encoder/w1"], p["encoder/b1"]);
        hidden = Relu(Dense(code, p["decoder/w0"], p["decoder/b0"]));
        var made = Array.ConvertAll(Dense(hidden, p["decoder/w1"], p["decoder/b1"]), Sigmoid);
        return made.Zip(image, (a, b) => (a - b) * (a - b)).Average();
    }
}
