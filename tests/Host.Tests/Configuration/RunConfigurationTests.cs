using System.Security.Cryptography;
using System.Text;
using Involute.Hosting.Configuration;
using Xunit;

namespace Involute.Hosting.Tests.Configuration;

public sealed class RunConfigurationTests : IDisposable
{
    private readonly Files _files = new();

    public static TheoryData<string, string> Names => new(
        KnownNames.All.SelectMany(table => table.Names.Select(name => (table.Block, name))));

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_known_name_has_defaults_and_reads_back_as_written(string block, string name)
    {
        // A plugin and no optimizer go together, and with nothing else.
        var plugin = name is KnownNames.Plugin or KnownNames.None ? "folder" : null;
        var configuration = ConfigurationLoader.Load([], [$"involute.{block}={name}"], plugin);
        var again = ConfigurationLoader.Parse(configuration.ToHocon(), "config.conf");
        Assert.Equal(configuration, again);
        Assert.Equal(configuration.ToHocon(), again.ToHocon());

        var table = KnownNames.All.Single(table => table.Block == block);
        string[] expected = [table.NameKey, .. table.Find(name)!.Options];
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            configuration.Settings.Select(setting => setting.Key.Split('.'))
                .Where(parts => parts.Length == 3 && parts[1] == block)
                .Select(parts => parts[2]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Extreme_values_read_back_as_written()
    {
        var configuration = _files.Load(
            "involute { seed = -9223372036854775808, sigma = 0.10000000000000002, optimizer.epsilon = 5e-324, "
            + "meta-optimizer { clip-norm = 1e30, beta1 = 0.99999999999999989 }, "
            + "task { name = image-mlp, data-folder = \"/a \\\"b\\\" \\\\ ä 😀 # //\", image-size = 9, hidden = [] } }");
        Assert.Equal(configuration, ConfigurationLoader.Parse(configuration.ToHocon(), "x"));
        Assert.Equal(long.MinValue, configuration.Seed);
    }

    [Fact]
    public void Its_hash_is_that_of_its_text()
    {
        var configuration = ConfigurationLoader.Load([], []);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(configuration.ToHocon()))),
            configuration.Sha256());
        Assert.NotEqual(configuration.Sha256(), (configuration with { Seed = 1 }).Sha256());
    }

    [Fact]
    public void Its_text_is_one_block_with_all_keys()
    {
        var text = ConfigurationLoader.Load([], ["involute.task=quadratic"]).ToHocon();
        Assert.StartsWith("involute {\n  seed = 0\n  outer-steps = ", text, StringComparison.Ordinal);
        Assert.Contains(
            "  task {\n    name = quadratic\n    dimension = 10\n  }\n  optimizer {\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_decide_no_number_may_change_on_resume()
    {
        var before = Run("involute.seed = 5");
        var after = ConfigurationLoader.LoadRun(
            _files.Folder,
            [
                "involute.outer-steps=1000", "involute.threads=2", "involute.checkpoint-interval=1",
                "involute.max-pair-restarts=0", "akka.loglevel=DEBUG", "involute.seed=5", "involute.estimator=pes",
            ]);
        Assert.Equal((5, 1000, 2), (after.Seed, after.OuterSteps, after.Threads));
        Assert.Equal(
            [
                "akka", "involute.checkpoint-interval", "involute.max-pair-restarts", "involute.outer-steps",
                "involute.threads",
            ],
            ResumeRules.Differences(before, after).Select(change => change.Key).Order(StringComparer.Ordinal));
        Assert.Equal(before.IdentitySha256(), after.IdentitySha256());
        Assert.NotEqual(before.IdentitySha256(), (before with { Seed = 6 }).IdentitySha256());
        Assert.Equal(before, ConfigurationLoader.LoadRun(_files.Folder, []));
    }

    [Theory]
    [InlineData("involute.sigma=0.2", "involute.sigma: cannot change in a run that has begun with 0.1; ")]
    [InlineData("involute.task=quadratic", "involute.task.name: cannot change in a run that has begun with fashion-mnist-8-relu32; ")]
    [InlineData("involute.truncation.max=99999", "involute.truncation.max: cannot change in a run that has begun with 2000; ")]
    [InlineData("involute.sgima=0.2", "involute.sgima: unknown key (did you mean 'sigma'?); ")]
    public void Settings_that_decide_a_number_may_not(string argument, string message)
    {
        Run("involute.sigma = 0.1, involute.truncation.max = 2000");
        Assert.StartsWith($"--set {argument}: {message}", RefusalOf(argument), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_does_not_take_todays_defaults_for_a_missing_key()
    {
        var text = Run("involute.task = quadratic").ToHocon();
        _files.Write(text.Replace("    dimension = 10\n", "", StringComparison.Ordinal), ConfigurationLoader.FileName);
        Assert.Contains("involute.task.dimension: missing key; ", RefusalOf(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_older_than_a_key_goes_by_what_it_always_did()
    {
        foreach (var (key, value) in LaterSettings.Table)
        {
            var before = Run("involute.seed = 5");
            var line = $"    {key.Split('.')[^1]} = {value}\n";
            var block = $"  {key.Split('.')[1]} {{\n{line}  }}\n";
            var text = before.ToHocon();
            Assert.Contains(block, text, StringComparison.Ordinal);
            foreach (var old in new[] { text.Replace(block, "", StringComparison.Ordinal), text.Replace(line, "", StringComparison.Ordinal) })
            {
                _files.Write(old, ConfigurationLoader.FileName);
                var after = ConfigurationLoader.LoadRun(_files.Folder, []);
                Assert.Equal(before, after);
                Assert.Equal(before.IdentitySha256(), after.IdentitySha256());
                Assert.Equal(3, ConfigurationLoader.LoadRun(_files.Folder, ["involute.threads=3"]).Threads);
            }
        }
    }

    [Fact]
    public void Only_settings_outside_the_identity_have_a_value_for_older_runs()
    {
        var known = ConfigurationLoader.Load([], []).Settings.Select(setting => setting.Key).ToList();
        Assert.All(LaterSettings.Table, later => Assert.Contains(later.Key, known));
        Assert.All(LaterSettings.Table, later => Assert.False(ResumeRules.IsIdentity(later.Key)));
    }

    [Fact]
    public void What_an_older_key_says_counts()
    {
        var server = Run("involute.store { name = postgresql, connection = \"Host=db;Database=a;Username=b\" }");
        Assert.Equal(server, ConfigurationLoader.LoadRun(_files.Folder, []));
        _files.Write(
            Run("involute.seed = 5").ToHocon().Replace("  store {\n    name = sqlite\n  }\n", "  store = sqlite\n", StringComparison.Ordinal),
            ConfigurationLoader.FileName);
        Assert.Equal(new SqliteStoreSettings(), ConfigurationLoader.LoadRun(_files.Folder, []).Store);
    }

    private string RefusalOf(params string[] arguments) =>
        Assert.Throws<ConfigurationException>(() => ConfigurationLoader.LoadRun(_files.Folder, arguments)).Message;

    private RunConfiguration Run(string text)
    {
        var configuration = _files.Load(text);
        _files.Write(configuration.ToHocon(), ConfigurationLoader.FileName);
        return configuration;
    }
}
