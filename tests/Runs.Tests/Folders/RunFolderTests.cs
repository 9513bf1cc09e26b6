using Involute.Runs.Folders;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Folders;

public sealed class RunFolderTests : IDisposable
{
    private readonly ScratchFolder _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData("a")]
    [InlineData("Run_1.b-c")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void Names_that_are_allowed(string name) => Assert.True(RunName.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\n")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public void Names_that_are_not(string name)
    {
        Assert.False(RunName.IsValid(name));
        var error = Assert.Throws<IOException>(() => RunFolder.Create(_runs.Path, name, ""));
        Assert.Contains("allowed: 1 to 64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generated_names_count_up_and_depend_on_nothing_but_the_folder()
    {
        Assert.Equal("mnist-adam-persistent-es-1", RunName.Generate(_runs.Path, "mnist", "adam", "persistent-es"));
        RunFolder.Create(_runs.Path, "mnist-adam-persistent-es-1", "");
        RunFolder.Create(_runs.Path, "mnist-adam-persistent-es-3", "");
        Assert.Equal("mnist-adam-persistent-es-2", RunName.Generate(_runs.Path, "mnist", "adam", "persistent-es"));
        Assert.Equal("my_task-sgd-x-1", RunName.Generate(_runs.File("not-there"), "my task", "sgd", "x"));
        Assert.True(
            RunName.IsValid(RunName.Generate(_runs.Path, new string('.', 3) + new string('t', 99), "sgd", "x")));
    }

    [Fact]
    public void A_new_run_is_found_by_name_and_by_path()
    {
        var created = RunFolder.Create(_runs.Path, "one", "involute {}\n");
        Assert.Equal("one", created.RunId);
        Assert.Equal("involute {}\n", File.ReadAllText(created.Configuration));
        Assert.Equal([created.FullPath], Directory.GetFileSystemEntries(_runs.Path));
        foreach (var (runs, run) in new[] { (_runs.Path, "one"), ("elsewhere", created.FullPath), ("elsewhere", created.FullPath + "/") })
        {
            var opened = RunFolder.Open(runs, run);
            Assert.Equal(created.FullPath, opened.FullPath);
            Assert.Equal("one", opened.RunId);
        }
    }

    [Fact]
    public void An_existing_run_is_left_alone()
    {
        RunFolder.Create(_runs.Path, "one", "first");
        var error = Assert.Throws<RunNameTakenException>(() => RunFolder.Create(_runs.Path, "one", "second"));
        Assert.Contains("already exists", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal("first", File.ReadAllText(RunFolder.Open(_runs.Path, "one").Configuration));
        Assert.Single(Directory.GetFileSystemEntries(_runs.Path));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_one_line()
    {
        File.WriteAllText(_runs.File("file"), "");
        var error = Assert.Throws<IOException>(() => RunFolder.Create(_runs.File("file"), "one", ""));
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_run_that_is_not_there_says_where_it_was_looked_for()
    {
        var error = Assert.Throws<IOException>(() => RunFolder.Open(_runs.Path, "missing"));
        Assert.Contains(_runs.File("missing"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_is_what_was_written_last_and_nothing_when_damaged()
    {
        var folder = RunFolder.Create(_runs.Path, "one", "");
        Assert.Null(folder.ReadStatus());
        folder.WriteStatus(new RunStatusFile(RunStatusFile.Running, 0));
        folder.WriteStatus(new RunStatusFile(RunStatusFile.Interrupted, 12, "stopped by SIGTERM"));
        Assert.Equal(new RunStatusFile(RunStatusFile.Interrupted, 12, "stopped by SIGTERM"), folder.ReadStatus());
        Assert.Contains("\"outerStep\": 12", File.ReadAllText(folder.Status), StringComparison.Ordinal);
        File.WriteAllText(folder.Status, "{\"status\"");
        Assert.Null(folder.ReadStatus());
    }

    [Fact]
    public void Running_without_a_lock_is_a_crash()
    {
        Assert.Equal("crashed", RunStatusFile.Conclude(new RunStatusFile(RunStatusFile.Running, 3), locked: false));
        Assert.Equal("running", RunStatusFile.Conclude(new RunStatusFile(RunStatusFile.Running, 3), locked: true));
        Assert.Equal("running", RunStatusFile.Conclude(new RunStatusFile(RunStatusFile.Finished, 3), locked: true));
        Assert.Equal("finished", RunStatusFile.Conclude(new RunStatusFile(RunStatusFile.Finished, 3), locked: false));
        Assert.Equal("crashed", RunStatusFile.Conclude(null, locked: false));
    }
}
