using Involute.Processes.Catalogue;
using Involute.Processes.Problems;
using Involute.Tasks.Components;
using Involute.Tasks.Images;
using Involute.Tests;
using Xunit;

namespace Involute.Processes.Tests;

public sealed class ProcessOptionsTests
{
    [Fact]
    public void What_decides_the_numbers_is_the_command_and_the_files_and_not_where_or_how_many()
    {
        var changing = Component.Of<ProcessOptions>().Options.Where(option => option.MayChange).Select(option => option.Key);

        Assert.Equal(["folder", "processes", "timeout"], changing.Order());
        Assert.Equal([typeof(ProcessOptions)], ProcessCatalogue.Components);
    }

    [Fact]
    public void A_command_is_needed_and_no_text_may_be_empty()
    {
        Assert.Equal("command", Assert.Single(new ProcessOptions().Check()).Key);
        Assert.Equal("command", Assert.Single(new ProcessOptions { Command = [" "] }.Check()).Key);
        Assert.Equal("files", Assert.Single(new ProcessOptions { Command = ["sh"], Files = [""] }.Check()).Key);
        Assert.Empty(new ProcessOptions { Command = ["sh", ""] }.Check());
    }

    [Fact]
    public void Files_are_those_that_are_declared_and_those_that_the_command_names_below_the_folder()
    {
        using var folder = new ScratchFolder();
        using var elsewhere = new ScratchFolder();
        foreach (var name in new[] { "pendulum.py", "data.csv", "python3" })
        {
            File.WriteAllText(folder.File(name), name);
        }

        File.WriteAllText(elsewhere.File("other.py"), "");
        Directory.CreateDirectory(folder.File("inner"));
        var options = new ProcessOptions
        {
            Command = ["python3", "pendulum.py", "--data", "data.csv", "inner", "", "gone.py", elsewhere.File("other.py"), folder.File("pendulum.py")],
            Folder = folder.Path,
            Files = ["data.csv"],
        };

        Assert.Equal([folder.File("data.csv"), folder.File("pendulum.py")], options.DataFiles());
        Assert.Contains(folder.File("python3"), (options with { Command = ["./python3"] }).DataFiles());
    }

    [Theory]
    [InlineData("gone.csv", "there is no such file")]
    [InlineData("inner", "is a folder")]
    public void A_declared_file_that_is_none_is_told_before_anything_is_started(string name, string problem)
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder.File("inner"));
        var options = new ProcessOptions { Command = ["no-such-program"], Folder = folder.Path, Files = [name] };

        Assert.Equal(
            $"{folder.File(name)}: {problem}; expected a file, as involute.task.files names it",
            Assert.Throws<DataFormatException>(options.Create).Message);
    }

    [Theory]
    [InlineData("pendulum", "python3", "pendulum.py")]
    [InlineData("pendulum", "python3", "-u", "code/pendulum.py", "other.csv")]
    [InlineData("reactor", "./reactor")]
    [InlineData("reactor", "./reactor", "-v")]
    [InlineData("process")]
    public void Runs_are_called_by_the_program(string title, params string[] command) =>
        Assert.Equal(title, new ProcessOptions { Command = command }.Title);

    [Fact]
    public void A_long_command_is_shown_in_part()
    {
        var shown = new Children.ChildCommand(["python3", "a file.py", new string('x', 200), "\u001b[31m"], "/").ToString();

        Assert.StartsWith("python3 'a file.py' xxx", shown, StringComparison.Ordinal);
        Assert.EndsWith("…", shown, StringComparison.Ordinal);
        Assert.InRange(shown.Length, 150, 170);
    }
}
