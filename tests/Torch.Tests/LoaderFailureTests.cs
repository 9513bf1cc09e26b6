using System.Runtime.Versioning;
using Involute.Torch.Native;
using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests;

/// <summary>A process that cannot load libtorch, or loads it from elsewhere.</summary>
[Trait("Speed", "slow")]
public sealed class LoaderFailureTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("involute-torch-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Without_libtorch_the_error_names_the_file_the_folder_and_the_way_out()
    {
        TorchRequired.OrSkip();
        var (exitCode, output) =
            await ChildProcess.RunAsync(typeof(TorchSelfTestTests), (NativeFiles.FolderVariable, _folder.FullName));
        Assert.NotEqual(0, exitCode);
        Assert.Contains(
            $"{NativePlatform.Current!.FileOf("torch_cpu")} is not in {_folder.FullName}; " +
            $"restore the packages, or set {NativeFiles.FolderVariable} to its folder",
            output,
            StringComparison.Ordinal);

        // TorchSharp's own search would have copied what it finds to here.
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu")));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task A_damaged_shim_is_an_error()
    {
        var files = CopyByLinks();
        File.Delete(files.Shim);
        File.WriteAllText(files.Shim, "no library");
        var (exitCode, output) = await ChildProcess.RunAsync(
            typeof(TorchSelfTestTests), (NativeFiles.FolderVariable, _folder.FullName));
        Assert.NotEqual(0, exitCode);
        Assert.Contains($"{files.Shim} cannot be read as a shared library", output, StringComparison.Ordinal);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task A_folder_with_libtorch_and_the_shim_and_a_new_cache_are_enough()
    {
        CopyByLinks();
        var (exitCode, output) = await ChildProcess.RunAsync(
            typeof(TorchSelfTestTests),
            (NativeFiles.FolderVariable, _folder.FullName),
            ("XDG_CACHE_HOME", Path.Combine(_folder.FullName, "cache")));
        Assert.True(exitCode == 0, output);
    }

    // As on a system whose C++ runtime is new enough.
    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task A_shim_that_misses_nothing_is_loaded_as_it_is_without_a_cache()
    {
        var files = CopyByLinks();
        var shim = File.ReadAllBytes(files.Shim);
        File.Delete(files.Shim);
        var available = TorchLibraries.SystemVersions();
        File.WriteAllBytes(files.Shim, SymbolVersioning.Relaxed(shim, files.Shim, available) ?? shim);
        var cache = Path.Combine(_folder.FullName, "cache");
        var (exitCode, output) = await ChildProcess.RunAsync(
            typeof(TorchSelfTestTests), (NativeFiles.FolderVariable, _folder.FullName), ("XDG_CACHE_HOME", cache));
        Assert.True(exitCode == 0, output);
        Assert.False(Directory.Exists(cache));
    }

    [Theory]
    [InlineData("2.9.1", false)]
    [InlineData("2.10.0", true)]
    [InlineData("2.11.0", false)]
    [InlineData("3.10.0", false)]
    public void Another_libtorch_is_refused(string version, bool accepted)
    {
        var problem = Record.Exception(() => TorchLibraries.Require(new Version(version), "/somewhere"));
        Assert.Equal(accepted, problem is null);
        Assert.True(accepted || problem!.Message == $"/somewhere holds libtorch {version}; this TorchSharp needs 2.10");
    }

    private NativeFiles CopyByLinks()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "links to libraries are for Linux");
        TorchRequired.OrSkip();
        var files = NativeFiles.Find(NativePlatform.Current!);
        foreach (var file in Directory.GetFiles(files.Libtorch).Append(files.Shim))
        {
            File.CreateSymbolicLink(Path.Combine(_folder.FullName, Path.GetFileName(file)), file);
        }

        return new NativeFiles(_folder.FullName, Path.Combine(_folder.FullName, Path.GetFileName(files.Shim)));
    }
}
