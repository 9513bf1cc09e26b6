using System.Security.Cryptography;
using Involute.Torch.Native;
using Xunit;

namespace Involute.Torch.Tests.Native;

public sealed class SymbolVersioningTests
{
    private const string Newest = "GLIBCXX_3.4.32";

    // Needs no libtorch, so the project has a test that runs everywhere.
    [Fact]
    public void What_is_no_library_is_refused_in_one_line()
    {
        byte[] start = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];
        foreach (var bytes in new byte[][] { [], [1, 2, 3], new byte[64], start })
        {
            var problem = Assert.Throws<TorchUnavailableException>(() => ElfFile.Parse(bytes, "x.so"));
            Assert.StartsWith("x.so cannot be read as a shared library", problem.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', problem.Message);
        }
    }

    [Fact]
    public void The_shim_needs_the_newest_version_for_a_marker_alone()
    {
        var (bytes, path) = Shim();
        var elf = ElfFile.Parse(bytes, path);
        var need = Assert.Single(elf.NeededVersions, need => need.Version == Newest);
        Assert.Equal(SymbolVersioning.CppLibrary, need.Library);
        Assert.Equal(["_ZSt21ios_base_library_initv"], elf.SymbolsOf(need));
    }

    [Fact]
    public void A_system_with_all_versions_gets_the_shim_as_it_is()
    {
        var (bytes, path) = Shim();
        Assert.Null(SymbolVersioning.Relaxed(bytes, path, Needed(bytes, path)));
    }

    [Fact]
    public void A_system_without_the_newest_gets_a_copy_that_differs_in_one_flag()
    {
        var (bytes, path) = Shim();
        var hash = SHA256.HashData(bytes);
        var available = Needed(bytes, path);
        available.Remove(Newest);
        var relaxed = SymbolVersioning.Relaxed(bytes, path, available);
        Assert.Equal(hash, SHA256.HashData(bytes));
        var different = Assert.Single(Enumerable.Range(0, bytes.Length), i => bytes[i] != relaxed![i]);
        Assert.Equal(SymbolVersioning.Weak, bytes[different] ^ relaxed![different]);
        Assert.DoesNotContain(ElfFile.Parse(relaxed, path).NeededVersions, need => need.Version == Newest);
        Assert.Null(SymbolVersioning.Relaxed(relaxed, path, available));
    }

    [Fact]
    public void A_system_without_a_version_that_is_really_used_is_refused()
    {
        var (bytes, path) = Shim();
        var available = Needed(bytes, path);
        available.Remove("GLIBCXX_3.4.21");
        var problem = Assert.Throws<TorchUnavailableException>(() => SymbolVersioning.Relaxed(bytes, path, available));
        Assert.Contains("too old for TorchSharp", problem.Message, StringComparison.Ordinal);
        Assert.Contains("GLIBCXX_3.4.21", problem.Message, StringComparison.Ordinal);
    }

    // Damage may be harmless or refused; it must never be another exception, or an endless loop.
    [Fact]
    public void A_damaged_shim_is_refused_or_read_but_nothing_else()
    {
        var (bytes, path) = Shim();
        var sections = (int)BitConverter.ToUInt64(bytes, 40);
        foreach (var length in new[] { 40, 63, 64, 4096, sections, sections + 100 })
        {
            Assert.Throws<TorchUnavailableException>(() => ElfFile.Parse(bytes.AsMemory(0, length), path));
        }

        for (var at = sections; at < bytes.Length; at += 3)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 0xff;
            var problem = Record.Exception(() => SymbolVersioning.Relaxed(damaged, path, new HashSet<string>()));
            Assert.True(problem is null or TorchUnavailableException, $"byte {at}: {problem}");
        }
    }

    private static (byte[] Bytes, string Path) Shim()
    {
        Assert.SkipUnless(NativePlatform.Current?.Name == "linux-x64", "only the shim of linux-x64 has versions");
        var path = NativeFiles.Find(NativePlatform.Current!).Shim;
        return (File.ReadAllBytes(path), path);
    }

    private static HashSet<string> Needed(byte[] bytes, string path) =>
        [.. ElfFile.Parse(bytes, path).NeededVersions.Select(need => need.Version)];
}
