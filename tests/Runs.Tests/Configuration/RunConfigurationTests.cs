using System.Security.Cryptography;
using System.Text;
using Involute.Estimators.Estimation;
using Involute.Runs.Configuration;
using Involute.Tasks.Components;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Runs.Stores.Sqlite;
using Xunit;

namespace Involute.Runs.Tests.Configuration;

public sealed class RunConfigurationTests : IDisposable
{
    private readonly Files _files = new();

    public static TheoryData<string, string> Names => new(
        KnownComponents.BuiltIn.Components.Select(component => (component.Kind.Block, component.Name)));

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_known_name_has_defaults_and_reads_back_as_written(string block, string name)
    {
        // Optimizer 'none' needs a task with a theta of its own, and estimators that differentiate the unroll one that
        // offers derivatives; the task 'plugin' needs a folder, and 'mlp-regression' and 'torch-script' files.
        Assert.SkipWhen(name == "plugin", "has tests of its own");
        string[] arguments = name switch
        {
            "none" => ["involute.task=memoryless-linear"],
            "mlp-regression" => [$"involute.{block}={name}", $"involute.{block}.data-file=a.csv"],
            "torch-script" => [$"involute.{block}={name}", $"involute.{block}.file=a.pt", $"involute.{block}.data=a.npz"],
            "persistent-es-analytic" or "truncated-grad" or "rtrl" or "full-grad" =>
                ["involute.task=lorenz", $"involute.{block}={name}"],
            _ => [$"involute.{block}={name}"],
        };
        var configuration = ConfigurationLoader.Load([], arguments);
        var again = ConfigurationLoader.Parse(configuration.ToHocon(), "config.conf");
        Assert.Equal(configuration, again);
        Assert.Equal(configuration.ToHocon(), again.ToHocon());
        Assert.Equal(configuration.IdentitySha256(), again.IdentitySha256());

        var component = KnownComponents.BuiltIn.Components.Single(
            known => (known.Kind.Block, known.Name) == (block, name));
        string[] expected = [component.Kind.NameKey, .. component.Options.Select(option => option.Key)];
        Assert.Equal(
            expected,
            configuration.Settings.Select(setting => setting.Key.Split('.'))
                .Where(parts => parts.Length == 3 && parts[1] == block)
                .Select(parts => parts[2]));
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

    [Theory]
    [InlineData("stationary", StationaryStart.Offset)]
    [InlineData("\"stationary\"", StationaryStart.Offset)]
    [InlineData("17", 17)]
    public void A_word_in_the_place_of_a_number_reads_back_as_written(string written, int offset)
    {
        var configuration = _files.Load($"involute.truncation.offset = {written}");
        Assert.Equal(offset, configuration.Truncation.Offset);
        Assert.Contains($"    offset = {written.Trim('"')}\n", configuration.ToHocon(), StringComparison.Ordinal);
        Assert.Equal(configuration, ConfigurationLoader.Parse(configuration.ToHocon(), "x"));
        Assert.Equal(offset, PlanFactory.Create(configuration).Windows.InitialOffset);
    }

    [Fact]
    public void A_schedule_that_tells_no_longest_horizon_has_no_stationary_places()
    {
        var configuration = ConfigurationLoader.Load([], []) with
        {
            Truncation = new OpenEndedOptions { Offset = StationaryStart.Offset },
        };
        Assert.Contains(
            "involute.truncation.offset: schedule open-ended does not tell its longest horizon, which a stationary offset "
            + "needs; allowed: a whole number",
            Assert.Throws<ConfigurationException>(() => CrossChecks.Check(configuration, new HoconBlock(SourcePosition.Of("test")), LayerOrder.OfOne)).Message,
            StringComparison.Ordinal);
        CrossChecks.Check(configuration with { Estimator = new FullESOptions() }, new HoconBlock(SourcePosition.Of("test")), LayerOrder.OfOne);
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
    [InlineData("involute.sigma=0.2", "involute.sigma: cannot change in a run that was started with 0.1; ")]
    [InlineData("involute.task=quadratic", "involute.task.name: cannot change in a run that was started with fashion-mnist-8-relu32; ")]
    [InlineData("involute.truncation.max=99999", "involute.truncation.max: cannot change in a run that was started with 2000; ")]
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

    [Theory]
    [InlineData("  store {\n    name = sqlite\n  }\n")]
    [InlineData("    name = sqlite\n")]
    [InlineData("  plugin {\n    folder = \"\"\n    sha256 = \"\"\n  }\n")]
    [InlineData("    sha256 = \"\"\n")]
    public void A_run_that_is_older_than_a_key_goes_by_what_it_always_did(string missing)
    {
        var before = Run("involute.seed = 5");
        Assert.Contains(missing, before.ToHocon(), StringComparison.Ordinal);
        _files.Write(before.ToHocon().Replace(missing, "", StringComparison.Ordinal), ConfigurationLoader.FileName);
        var after = ConfigurationLoader.LoadRun(_files.Folder, []);
        Assert.Equal(before, after);
        Assert.Equal(before.IdentitySha256(), after.IdentitySha256());
        Assert.Equal(3, ConfigurationLoader.LoadRun(_files.Folder, ["involute.threads=3"]).Threads);
    }

    // Identities in existing ledgers: those of version 0.1.0.
    [Theory]
    [InlineData("", "f2618648d99d033ad12e342b446444167cea37c7f69ba82d1a1513d9f9b0aa93")]
    [InlineData("involute.optimizer = mlp", "eeeef1ba36a786444107c640f1f88bdb5016b48ca3641ab4f026ca651bb4ac01")]
    [InlineData("involute { estimator = full-es, task = quadratic, optimizer = sgdm, meta-optimizer = sgd }", "b429f9c349fa6768d8c0ecd4297b3f41812a764b7efdc1333c8e39b7a1e9f895")]
    public void An_identity_is_the_one_that_it_always_was(string text, string sha256) =>
        Assert.Equal(
            sha256, (text.Length == 0 ? ConfigurationLoader.Load([], []) : _files.Load(text)).IdentitySha256());

    [Theory]
    [InlineData("clip-norm", "off")]
    [InlineData("clip-norm", "0")]
    [InlineData("clip-norm", "0.0")]
    public void Off_may_be_written_as_the_0_that_it_was(string key, string value) =>
        Assert.Null(_files.Load($"involute.meta-optimizer.{key} = {value}").MetaOptimizer.Step.ClipNorm);

    [Fact]
    public void What_an_older_key_says_counts()
    {
        var server = Run("involute.store { name = postgresql, connection = \"Host=db;Database=a;Username=b\" }");
        Assert.Equal(server, ConfigurationLoader.LoadRun(_files.Folder, []));
        _files.Write(
            Run("involute.seed = 5").ToHocon().Replace(
                "  store {\n    name = sqlite\n  }\n", "  store = sqlite\n", StringComparison.Ordinal),
            ConfigurationLoader.FileName);
        Assert.Equal(new SqliteStoreOptions(), ConfigurationLoader.LoadRun(_files.Folder, []).Store);
    }

    [Fact]
    public void A_number_may_be_written_with_its_unit() =>
        Assert.Equal(5, _files.Load("involute.window = 5 inner steps").Window);

    private string RefusalOf(params string[] arguments) =>
        Assert.Throws<ConfigurationException>(() => ConfigurationLoader.LoadRun(_files.Folder, arguments)).Message;

    private RunConfiguration Run(string text)
    {
        var configuration = _files.Load(text);
        _files.Write(configuration.ToHocon(), ConfigurationLoader.FileName);
        return configuration;
    }

    [Component("open-ended", "horizons of any length")]
    internal sealed record OpenEndedOptions() : ScheduleOptions(offset: 0)
    {
        public override ITruncationSchedule Create() => new OpenEnded();
    }

    private sealed class OpenEnded : ITruncationSchedule
    {
        public string Name => "open-ended";

        public double MeanHorizon => 10;

        public int Horizon(TrajectoryKey trajectory) => 10;
    }
}
