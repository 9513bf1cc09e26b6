using System.Runtime.InteropServices;
using Involute.Torch.Native;
using Involute.Torch.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Native;

/// <summary>Each way in which a card can be missing, as far as a machine without one can be in it.</summary>
public sealed class CudaLibrariesTests : IDisposable
{
    private static readonly NativePlatform Linux = NativePlatform.All[0];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("involute-cuda-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void There_is_none_for_macos() => Expect(
        "there is no libtorch with CUDA for osx-arm64; it exists for linux-x64, win-x64; allowed: involute.torch.device = cpu",
        () => CudaLibraries.RequirePlatform(NativePlatform.All.Single(platform => platform.Name == "osx-arm64")));

    [Fact]
    public void Libtorch_for_processors_alone_lacks_a_library()
    {
        Expect(
            $"{_folder.FullName} holds libtorch without CUDA: libc10_cuda.so is missing; set INVOLUTE_LIBTORCH to a folder with "
                + "libtorch 2.10 with CUDA",
            () => CudaLibraries.RequireFiles(Linux, _folder.FullName));
        File.WriteAllText(Path.Combine(_folder.FullName, "libc10_cuda.so"), "");
        Expect(
            $"{_folder.FullName} holds libtorch without CUDA: libtorch_cuda.so is missing; set INVOLUTE_LIBTORCH to a folder with "
                + "libtorch 2.10 with CUDA",
            () => CudaLibraries.RequireFiles(Linux, _folder.FullName));
        File.WriteAllText(Path.Combine(_folder.FullName, "libtorch_cuda.so"), "");
        CudaLibraries.RequireFiles(Linux, _folder.FullName);
    }

    [Fact]
    public void Without_a_driver() => Expect(
        "no NVIDIA driver: libnosuchdriver.so.1 cannot be loaded; install it, or set involute.torch.device = cpu",
        () => CudaLibraries.RequireDriver("libnosuchdriver.so.1"));

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    public void A_driver_that_shows_no_card(bool isAvailable, int count) => Expect(
        "the NVIDIA driver shows no card that this libtorch can use: none is there or visible (CUDA_VISIBLE_DEVICES), or the "
            + "driver is too old for it ('nvidia-smi' says which)",
        () => CudaLibraries.RequireCards(isAvailable, count));

    [Fact]
    public void A_number_beyond_the_cards()
    {
        TorchRuntime.RequireCard(1, 2);
        Expect(
            "involute.torch.device = cuda:2: there is no such card; allowed: cpu, cuda:0, cuda:1",
            () => TorchRuntime.RequireCard(2, 2));
    }

    [Theory]
    [InlineData("cpu", true)]
    [InlineData("cuda:0", true)]
    [InlineData("cuda:12", true)]
    [InlineData("cuda", false)]
    [InlineData("cuda:", false)]
    [InlineData("cuda:-1", false)]
    [InlineData("cuda:01", false)]
    [InlineData("cuda:1000", false)]
    [InlineData("CUDA:0", false)]
    [InlineData("cuda:0\n", false)]
    [InlineData("", false)]
    public void A_device_has_a_name(string name, bool isOne) =>
        Assert.Equal(isOne ? name : null, TorchDevice.Parse(name)?.ToString());

    [Fact]
    public void Exhausted_memory_is_the_process_out_of_memory()
    {
        TorchRequired.OrSkip();

        // A petabyte: what no machine gives.
        var thrown = Assert.ThrowsAny<ExternalException>(() => zeros(1L << 50, ScalarType.Byte));
        Assert.True(ExhaustedMemory.IsIn(thrown), thrown.Message);
        var onCard = new Thrown(
            "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.10 GiB\nException raised from");
        Assert.True(ExhaustedMemory.IsIn(onCard));
        Assert.Equal(
            "involute.torch.device = cuda:0: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.10 "
                + "GiB; fewer pairs-per-actor, smaller batches or fewer threads need less",
            ExhaustedMemory.Of("cuda:0", onCard).Message);
        Assert.False(ExhaustedMemory.IsIn(new Thrown("The size of tensor a (3) must match")));
        Assert.False(ExhaustedMemory.IsIn(new InvalidOperationException("out of memory")));
    }

    private static void Expect(string message, Action action) =>
        Assert.Equal(message, Assert.Throws<TorchUnavailableException>(action).Message);

    // As TorchSharp throws it for an error in native code.
    private sealed class Thrown(string message) : ExternalException(message);
}
