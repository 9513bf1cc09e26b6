using System.Security.Cryptography;
using System.Text;
using Involute.Runs.Plugins;
using Involute.Tasks.Components;
using Involute.Tests;
using Involute.Tests.Plugins;
using Xunit;

namespace Involute.Runs.Tests.Plugins;

public sealed class PluginTaskTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_only_problem_needs_no_name_and_its_settings_are_completed()
    {
        EmittedPlugin.Write(_folder.Path, "mine", "slope");
        var task = Settings().Located();

        Assert.Equal("slope", task.Create().Name);
        Assert.Equal(("slope", _folder.Path, 64), (task.Problem, task.Folder, task.Sha256.Length));
        Assert.Equal(task, task.Located());
    }

    [Fact]
    public void One_of_several_problems_is_chosen_by_name()
    {
        EmittedPlugin.Write(_folder.Path, "one", "a");
        EmittedPlugin.Write(_folder.Path, "two", "b");
        Assert.Equal("b", (Settings() with { Problem = "b" }).Located().Problem);
        Assert.EndsWith("must choose one; allowed: a, b", Refusal(Settings()), StringComparison.Ordinal);
        Assert.EndsWith(
            "no problem 'c'; allowed: a, b", Refusal(Settings() with { Problem = "c" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_reach_the_problem_and_wrong_ones_are_errors()
    {
        EmittedPlugin.Write(_folder.Path, "mine", "slope");
        Assert.Equal(3, InitialTheta("start", "3"));
        Assert.Equal(1, InitialTheta());
        Assert.Equal(
            "involute.task.options.start: '11' is out of range or no number; allowed: a number from -10 to 10",
            Refusal(Settings(("start", "11"))));
        Assert.Equal(
            "involute.task.options.strat: unknown option; allowed: fail, start", Refusal(Settings(("strat", "1"))));
    }

    [Fact]
    public void Files_that_are_no_code_hide_none_that_are_and_there_may_be_any_number_of_them()
    {
        for (var i = 0; i < 1000; i++)
        {
            File.WriteAllText(_folder.File($"{i}.txt"), "");
            File.WriteAllText(_folder.File($"{i}.so"), "");
        }

        Assert.EndsWith("no assembly (*.dll) besides Involute.*.dll", Refusal(Settings()), StringComparison.Ordinal);
        File.WriteAllText(_folder.File("last.so"), "");
        Assert.EndsWith(
            "more than 1000 files; a plugin needs a folder of its own", Refusal(Settings()), StringComparison.Ordinal);
    }

    [Fact]
    public void Code_decides_the_hash_and_the_place_and_other_files_do_not()
    {
        EmittedPlugin.Write(_folder.Path, "mine", "slope");
        var settings = Settings().Located();

        File.WriteAllText(_folder.File("mine.pdb"), "symbols");
        File.WriteAllText(_folder.File("mine.xml"), "documentation");
        File.WriteAllText(_folder.File(".notes.swp"), "an editor's");
        File.WriteAllText(_folder.File("table.csv"), "1");
        File.WriteAllText(_folder.File("Involute.Tasks.dll"), "a copy");
        File.WriteAllText(_folder.File("Involute.Tasks.deps.json"), "{}");
        using var elsewhere = new ScratchFolder();
        File.Copy(_folder.File("mine.dll"), elsewhere.File("mine.dll"));
        Assert.Equal(settings.Sha256, Settings().Located().Sha256);
        Assert.Equal(settings.Sha256, (Settings() with { Folder = elsewhere.Path }).Located().Sha256);

        File.WriteAllText(_folder.File("libfast.so"), "native code");
        Assert.Contains("with another plugin it would be another run", Refusal(settings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_hash_of_versions_before_0_3_over_all_files_still_holds()
    {
        EmittedPlugin.Write(_folder.Path, "mine", "slope");
        File.WriteAllText(_folder.File("table.csv"), "1");
        File.WriteAllText(_folder.File("mine.pdb"), "symbols");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in new[] { "mine.dll", "table.csv" })
        {
            var bytes = File.ReadAllBytes(_folder.File(file));
            hash.AppendData([.. Encoding.UTF8.GetBytes(file), 0, .. BitConverter.GetBytes(bytes.LongLength), .. bytes]);
        }

        var old = Settings() with { Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()) };
        Assert.Equal(old.Sha256, old.Located().Sha256);

        File.WriteAllText(_folder.File("table.csv"), "2");
        Assert.Contains("with another plugin it would be another run", Refusal(old), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_is_one_line_and_a_wrong_configuration()
    {
        AssertRefused("there is no such folder", Settings() with { Folder = _folder.File("none") });
        File.WriteAllText(_folder.File("a-file"), "");
        AssertRefused("is a file, not a folder", Settings() with { Folder = _folder.File("a-file") });
        AssertRefused("no assembly (*.dll) besides Involute.*.dll", Settings());
        File.WriteAllText(_folder.File("native.dll"), "no assembly");
        AssertRefused("no assembly that was built against Involute.Tasks", Settings());
        EmittedPlugin.Write(_folder.Path, "mine", "slope");
        AssertRefused(
            "problem 'slope' cannot be made: InvalidOperationException: on purpose", Settings(("fail", "yes")));
        EmittedPlugin.Write(_folder.Path, "other", "slope");
        AssertRefused("two problems are called 'slope': mine.Plugin0 and other.Plugin0", Settings());
        EmittedPlugin.Write(_folder.Path, "other", "Not A Name");
        AssertRefused("has the name 'Not A Name'; allowed:", Settings());
        EmittedPlugin.WriteOfAnotherVersion(_folder.Path, "other");
        AssertRefused("other.dll was built against Involute.Tasks 9.8.7.6, this program has", Settings());
    }

    [Fact]
    public void An_assembly_without_a_plugin_is_refused()
    {
        // Its types are the abstract base and this test's own: none with a public constructor without parameters.
        File.Copy(typeof(SlopePlugin).Assembly.Location, _folder.File("tests.dll"));
        AssertRefused("no public class with a constructor without parameters is a component", Settings());
    }

    private PluginTaskOptions Settings(params (string Key, string Value)[] options) => new()
    {
        Folder = _folder.Path,
        Options = new TextOptions(options.Select(option => KeyValuePair.Create(option.Key, option.Value))),
    };

    private float InitialTheta(params string[] option)
    {
        var task = option.Length == 0 ? Settings() : Settings((option[0], option[1]));
        var theta = new float[1];
        task.Create().InitialTheta(0, theta);
        return theta[0];
    }

    private static string Refusal(PluginTaskOptions settings)
    {
        var exception = Assert.Throws<PluginException>(() => settings.Located().Create());
        Assert.DoesNotContain('\n', exception.Message);
        return exception.Message;
    }

    private static void AssertRefused(string expected, PluginTaskOptions settings) =>
        Assert.Contains(expected, Refusal(settings), StringComparison.Ordinal);
}
