using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests;

/// <summary>The loader of docs/use-theta-elsewhere.md reads an exported file.</summary>
public sealed class ThetaLoaderTests
{
    [Fact]
    public void Tensors_have_their_names_shapes_and_values()
    {
        TorchRequired.OrSkip();
        using var scope = TorchSharp.torch.NewDisposeScope();
        var tensors = ThetaLoader.Load(Path.Combine(AppContext.BaseDirectory, "exports", "theta.safetensors"));

        Assert.Equal(
            ["log_lr", "natural/learning_rate", "net/w0", "theta"], tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([2L, 3], tensors["net/w0"].shape);
        Assert.Equal([1f, 2, 3, 4, 5, 6], tensors["net/w0"].data<float>().ToArray());
        Assert.Empty(tensors["log_lr"].shape);
        Assert.Equal(-4.6051702f, tensors["theta"].data<float>()[0]);
        Assert.Equal(0.01, tensors["natural/learning_rate"].data<double>()[0]);
    }
}
