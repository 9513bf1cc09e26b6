namespace Involute.Torch.Tests.Tasks.Naive;

/// <summary>Cuts square images into square patches.</summary>
internal static class NaivePatches
{
    /// <summary>Patches row by row, and so are the pixels of each.</summary>
    public static double[][] Of(double[] image, int size)
    {
        var side = (int)Math.Sqrt(image.Length);
        var patches = new List<double[]>();
        for (var top = 0; top < side; top += size)
        {
            for (var left = 0; left < side; left += size)
            {
                var patch = new double[size * size];
                for (var pixel = 0; pixel < patch.Length; pixel++)
                {
                    patch[pixel] = image[((top + (pixel / size)) * side) + left + (pixel % size)];
                }

                patches.Add(patch);
            }
        }

        return [.. patches];
    }
}
