using System.Runtime.InteropServices;
using Involute.Runs.Folders;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Folders;

public sealed class AtomicFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_another_process_is_writing_is_not_touched()
    {
        var path = _folder.File("status.json");
        using (var other = new FileStream(path + ".tmp", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            AtomicFile.Write(path, "new");
        }

        Assert.Equal("new", File.ReadAllText(path));
        Assert.True(File.Exists(path + ".tmp"));
    }

    [Fact]
    public void A_write_that_fails_leaves_nothing_behind()
    {
        var path = _folder.File("status.json");
        Directory.CreateDirectory(path);
        Assert.Throws<IOException>(() => AtomicFile.Write(path, "new"));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_pipe_or_a_link_to_one_is_not_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux is asked what a file is");
        var (pipe, link) = (_folder.File("pipe"), _folder.File("link"));
        Assert.Equal(0, MakePipe(pipe, 0x180));
        File.CreateSymbolicLink(link, pipe);

        foreach (var path in new[] { pipe, link })
        {
            var error = Assert.Throws<IOException>(() => AtomicFile.Write(path, "new"));
            Assert.Equal(
                $"cannot write {path}: it is a device, a pipe or a socket; allowed: a new file, or one to replace",
                error.Message);
        }
        Assert.Equal([link, pipe], Directory.GetFileSystemEntries(_folder.Path).Order());
        Assert.Equal(pipe, new FileInfo(link).LinkTarget);
    }

    [Fact]
    public void A_link_to_a_file_and_one_to_nothing_are_replaced()
    {
        File.WriteAllText(_folder.File("other"), "other");
        foreach (var name in new[] { "other", "none" })
        {
            var link = _folder.File($"link-{name}");
            File.CreateSymbolicLink(link, _folder.File(name));
            AtomicFile.Write(link, "new");
            Assert.Null(new FileInfo(link).LinkTarget);
            Assert.Equal("new", File.ReadAllText(link));
        }

        Assert.Equal("other", File.ReadAllText(_folder.File("other")));
    }

    [DllImport("libc", EntryPoint = "mkfifo")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int MakePipe([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);
}
