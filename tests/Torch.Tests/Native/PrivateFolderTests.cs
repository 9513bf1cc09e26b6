using System.Runtime.Versioning;
using Involute.Torch.Native;
using Xunit;

namespace Involute.Torch.Tests.Native;

[SupportedOSPlatform("linux")]
public sealed class PrivateFolderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("involute-torch-");

    public PrivateFolderTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "the cache folder is for Linux");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void It_is_made_for_its_owner_alone_and_so_are_its_files()
    {
        var folder = PrivateFolder.Open(PathOf("a/b"));
        var file = folder.Keep("f.so", [1, 2, 3]);
        Assert.Equal("rwx------", Mode(folder.Path));
        Assert.Equal("rw-------", Mode(file));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(file));
        Assert.Equal([file], Directory.GetFiles(folder.Path));
        Assert.Equal(file, PrivateFolder.Open(PathOf("a/b")).Keep("f.so", [1, 2, 3]));
    }

    [Fact]
    public void A_file_with_other_bytes_another_mode_or_behind_a_link_is_replaced()
    {
        var folder = PrivateFolder.Open(PathOf("a"));
        var file = folder.Keep("f.so", [1, 2, 3]);
        File.WriteAllBytes(file, [1, 2, 4]);
        folder.Keep("f.so", [1, 2, 3]);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(file));

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        folder.Keep("f.so", [1, 2, 3]);
        Assert.Equal("rw-------", Mode(file));

        File.WriteAllBytes(PathOf("elsewhere"), [1, 2, 3]);
        File.Delete(file);
        File.CreateSymbolicLink(file, PathOf("elsewhere"));
        folder.Keep("f.so", [1, 2, 3]);
        Assert.Null(new FileInfo(file).LinkTarget);
        Assert.True(File.Exists(PathOf("elsewhere")));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_folder_that_others_may_use_is_refused(UnixFileMode more)
    {
        var path = PrivateFolder.Open(PathOf("a")).Path;
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | more);
        Assert.Contains("mode 0700", Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_folder_is_refused()
    {
        PrivateFolder.Open(PathOf("a"));
        Directory.CreateSymbolicLink(PathOf("link"), PathOf("a"));
        Assert.Contains("not a link", Refusal(PathOf("link")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_one_that_all_may_change_is_refused_unless_owners_are_protected_there()
    {
        const UnixFileMode All = (UnixFileMode)0x1FF;
        PrivateFolder.Open(PathOf("shared/a"));
        File.SetUnixFileMode(PathOf("shared"), All);
        Assert.Contains("writable by all", Refusal(PathOf("shared/a")), StringComparison.Ordinal);
        Directory.CreateSymbolicLink(PathOf("alias"), PathOf("shared"));
        Assert.Contains("writable by all", Refusal(PathOf("alias/a")), StringComparison.Ordinal);
        File.SetUnixFileMode(PathOf("shared"), All | UnixFileMode.StickyBit);
        PrivateFolder.Open(PathOf("shared/a"));
    }

    [Fact]
    public void A_file_in_its_place_is_an_error_of_one_line()
    {
        File.WriteAllText(PathOf("a"), "");
        Assert.Contains("XDG_CACHE_HOME", Refusal(PathOf("a")), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Refusal(PathOf("a")));
    }

    private static string Refusal(string path) =>
        Assert.Throws<TorchUnavailableException>(() => PrivateFolder.Open(path)).Message;

    private static string Mode(string path)
    {
        var mode = (int)File.GetUnixFileMode(path);
        return string.Concat(Enumerable.Range(0, 9).Select(i => (mode & (0x100 >> i)) != 0 ? "rwx"[i % 3] : '-'));
    }

    private string PathOf(string name) => Path.Combine(_root.FullName, name);
}
