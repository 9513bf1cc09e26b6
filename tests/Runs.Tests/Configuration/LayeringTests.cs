using Involute.Estimators.MetaOptimizers;
using Involute.Runs.Configuration;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using Xunit;

namespace Involute.Runs.Tests.Configuration;

public sealed class LayeringTests : IDisposable
{
    private readonly Files _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void The_defaults_are_the_main_job()
    {
        var configuration = ConfigurationLoader.Load([], []);
        Assert.IsType<FashionMnist8Relu32Options>(configuration.Task);
        Assert.IsType<LearnableAdamOptions>(configuration.Optimizer);
        Assert.Equal("persistent-es", configuration.Estimator.Name);
        Assert.Equal("adam", configuration.MetaOptimizer.Name);
        Assert.Equal("", configuration.Akka);
    }

    [Fact]
    public void Later_files_win_over_earlier_ones_and_arguments_over_files()
    {
        var first = _files.Write("involute { sigma = 0.5, pairs = 2, window = 3, truncation.min = 7 }", "1.conf");
        var second = _files.Write("involute { pairs = 4, window = 5 }", "2.conf");
        var configuration = ConfigurationLoader.Load(
            [first, second], ["involute.window=6", "involute.window=7", "involute.truncation.max = 70"]);
        Assert.Equal((0.5, 4, 7), (configuration.Sigma, configuration.Pairs, configuration.Window));
        Assert.Equal(new LogUniformOptions { Min = 7, Max = 70 }, configuration.Truncation);
    }

    [Fact]
    public void All_forms_of_the_same_settings_are_equal()
    {
        var expected = _files.Load("involute { task { name = quadratic, dimension = 7 }, sigma = 0.5 }");
        string[] forms =
        [
            "involute.task.name = quadratic\ninvolute.task.dimension = 7\ninvolute.sigma = .5",
            "\uFEFFinvolute {\r\n\ttask {\r\n\t\tname: quadratic # which\r\n\t\tdimension: 7 // of it\r\n\t}\r\n"
            + "\tsigma: 5e-1\r\n}\r\n",
            "{ \"involute\": { \"task\": { \"name\": \"quadratic\", \"dimension\": 7 }, \"sigma\": 0.50 } }",
            "involute { task { name = \"\"\"quadratic\"\"\", dimension = +7, }\n sigma = 5.E-1, }",
            "involute { sigma = 0.5 }\ninvolute { task.name = quadratic }\ninvolute.task { dimension = 007 }",
            "involute{task{name=quadratic,dimension=7},sigma=0.5}#",
        ];
        Assert.All(forms, form => Assert.Equal(expected, _files.Load(form)));
        Assert.All(forms, form => Assert.Equal(expected.Sha256(), _files.Load(form).Sha256()));
    }

    [Fact]
    public void A_name_alone_brings_the_defaults_of_its_options()
    {
        var configuration = _files.Load("involute { task = quadratic, optimizer = sgdm, truncation = constant }");
        Assert.Equal(new QuadraticOptions { Dimension = 10 }, configuration.Task);
        Assert.Equal(new LearnableSgdmOptions(), configuration.Optimizer);
        Assert.Equal(new ConstantOptions(), configuration.Truncation);
    }

    [Fact]
    public void Options_stay_where_the_new_name_has_them_and_go_where_it_has_not()
    {
        const string Adam = "involute.meta-optimizer { name = adam, learning-rate = 0.5, beta1 = 0.25 }";
        Assert.Equal(
            new MetaSgdOptions { LearningRate = 0.5 }, _files.Load(Adam, "involute.meta-optimizer=sgd").MetaOptimizer);

        // A default of one name is not a user's setting that carries over to another name.
        Assert.Equal(new LearnableSgdOptions(), _files.Load("involute.optimizer = sgd").Optimizer);
        Assert.Equal(
            new LearnableAdamOptions { LearningRate = 0.5 },
            _files.Load("involute.optimizer.learning-rate = 0.5", "involute.optimizer=sgd", "involute.optimizer=adam")
                .Optimizer);
    }

    [Fact]
    public void The_network_of_a_learned_optimizer_has_its_own_options()
    {
        Assert.Equal(
            new MlpOptions { HiddenLayers = 1 },
            _files.Load("involute.optimizer { name = mlp, hidden-layers = 1 }").Optimizer);
        Assert.Equal(
            new AdafacMlpOptions { ExponentMultiplier = 0.5 },
            _files.Load("involute.optimizer { name = adafac-mlp, exponent-multiplier = 0.5 }").Optimizer);
    }

    [Fact]
    public void The_same_name_again_changes_nothing() => Assert.Equal(
        new QuadraticOptions { Dimension = 3 },
        _files.Load("involute.task { name = quadratic, dimension = 3 }", "involute.task=quadratic").Task);

    [Theory]
    [InlineData("involute.estimator=pes", "persistent-es")]
    [InlineData("involute.estimator=full", "full-es")]
    [InlineData("involute.estimator.name=full-es", "full-es")]
    [InlineData("involute.estimator={ name = full }", "full-es")]
    public void Short_names_are_the_long_ones(string argument, string name) =>
        Assert.Equal(name, ConfigurationLoader.Load([], [argument]).Estimator.Name);

    [Fact]
    public void Values_of_arguments_need_no_quotes()
    {
        var configuration = ConfigurationLoader.Load(
            [],
            [
                "involute.task=image-mlp", "involute.task.data-folder=C:\\a b # c = {d}", "involute.task.image-size=28",
                "involute.task.hidden=[64, 32]",
            ]);
        Assert.Equal(new ImageMlpOptions { DataFolder = "C:\\a b # c = {d}", ImageSize = 28, Hidden = [64, 32] }, configuration.Task);
        Assert.Equal(configuration, ConfigurationLoader.Parse(configuration.ToHocon(), "x"));
    }

    [Fact]
    public void Last_is_allowed_where_every_trajectory_ends_with_a_window()
    {
        _files.Load("involute { window-loss = last, truncation { schedule = constant, length = 100, offset = 0 } }");
        _files.Load("involute { window-loss = last, estimator = full-es }");
    }

    [Fact]
    public void The_store_that_is_looked_up_without_settings_is_that_of_a_new_run()
    {
        Assert.Equal(ConfigurationLoader.Load([], []).Store, ConfigurationLoader.LoadStore([], []));
        string[] other = ["involute.store=postgresql", "involute.store.connection=Host=db;Username=involute"];
        Assert.Equal(ConfigurationLoader.Load([], other).Store, ConfigurationLoader.LoadStore([], other));
        Assert.NotEqual(ConfigurationLoader.LoadStore([], []), ConfigurationLoader.LoadStore([], other));
    }
}
