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
}
