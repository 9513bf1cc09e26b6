using Involute.Tasks.Images;
using Involute.Tasks.Tests.Images;

namespace Involute.Gpu.Tests.Networks;

/// <summary>Networks by name, for tests that go through all of them.</summary>
internal static class NetworkCases
{
    private static readonly Dictionary<string, ImageMlp> Made = [];

    /// <summary>Odd sizes, no hidden layer, wide layers, activations that no shared memory holds, few examples.</summary>
    public static ImageMlp Task(string name)
    {
        lock (Made)
        {
            if (!Made.TryGetValue(name, out var task))
            {
                Made[name] = task = name switch
                {
                    "default" => ImageMlp.FashionMnist8Relu32(),
                    "odd" => Synthetic(name, 2000, 5, 6, 5, [19, 7], 21),
                    "64-128-128-10" => new(name, FashionMnist.Embedded8x8(), [128, 128], 128),
                    "784-128-128-10" => Synthetic(name, 1600, 28, 28, 10, [128, 128], 128),
                    "softmax" => Synthetic(name, 1500, 3, 3, 2, [], 12),
                    "wide" => Synthetic(name, 1600, 4, 4, 11, [130, 129], 33),
                    "large batch" => Synthetic(name, 9000, 8, 8, 10, [32], 600),
                    "wide large batch" => Synthetic(name, 9000, 4, 4, 3, [128], 400),
                    "few examples" => Synthetic(name, 700, 5, 5, 4, [9], 16),
                    "deep" => Synthetic(name, 1400, 2, 3, 3, [5, 4, 6, 3, 5], 9),
                    _ => throw new ArgumentException(name),
                };
            }

            return task;
        }
    }

    private static ImageMlp Synthetic(string name, int count, int height, int width, int classes, int[] hidden, int batch) =>
        new(name, SyntheticImages.Dataset(count, height, width, classes), hidden, batch);
}
