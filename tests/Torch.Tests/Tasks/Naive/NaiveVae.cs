using Involute.Tasks.Numerics;
using static Involute.Torch.Tests.Tasks.Naive.NaiveLayers;

namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>
/// Kingma, Welling, arXiv 1312.6114: the negative of equation 10 with one sample, the divergence of appendix B, and the
/// Bernoulli decoder of appendix C.1; in nats per pixel.
/// </summary>
/// <param name="images">[examples][pixels], in [0, 1].</param>
/// <param name="noise">[examples][latent units]</param>
internal sealed class NaiveVae(double[][] images, double[][] noise) : NaiveModel
{
    public override double Loss(NamedTensors parameters) =>
        images.Zip(noise, (image, normals) => Loss(parameters, image, normals)).Average();

    private static double Loss(NamedTensors p, double[] image, double[] normals)
    {
        var hidden = Relu(Dense(image, p["encoder/w0"], p["encoder/b0"]));
        var code = Dense(hidden, p["encoder/w1"], p["encoder/b1"]);
        var units = normals.Length;
        var sample = new double[units];
        var bound = 0.0;
        for (var i = 0; i < units; i++)
        {
            var (mean, variance) = (code[i], PortableMath.Exp(code[units + i]));
            sample[i] = mean + (Math.Sqrt(variance) * normals[i]);
            bound += (1 + PortableMath.Log(variance) - (mean * mean) - variance) / 2;
        }

        hidden = Relu(Dense(sample, p["decoder/w0"], p["decoder/b0"]));
        var bright = Array.ConvertAll(Dense(hidden, p["decoder/w1"], p["decoder/b1"]), Sigmoid);
        for (var i = 0; i < image.Length; i++)
        {
            bound += (image[i] * PortableMath.Log(bright[i])) + ((1 - image[i]) * PortableMath.Log(1 - bright[i]));
        }

        return -bound / image.Length;
    }
}
