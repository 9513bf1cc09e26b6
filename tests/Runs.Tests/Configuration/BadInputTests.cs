using System.Globalization;
using System.Text;
using Involute.Runs.Configuration;
using Xunit;

namespace Involute.Runs.Tests.Configuration;

public sealed class BadInputTests : IDisposable
{
    private readonly Files _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("involute { sgima = 0.1 }", "a.conf:1: involute.sgima: unknown key (did you mean 'sigma'?); allowed: seed, outer-steps, ")]
    [InlineData("involute {\n\n  qqq = 1\n}", "a.conf:3: involute.qqq: unknown key; allowed: seed, outer-steps, ")]
    [InlineData("sigma = 0.1", "a.conf:1: sigma: unknown key (did you mean 'involute.sigma'?); allowed: involute, akka")]
    [InlineData("involte { sigma = 1 }", "a.conf:1: involte: unknown key (did you mean 'involute'?); allowed: involute, akka")]
    [InlineData("defaults { }", "a.conf:1: defaults: unknown key; allowed: involute, akka")]
    [InlineData("involute = 1", "a.conf:1: involute: '1' is not a block; allowed: a block { … }")]
    [InlineData("involute {\n  sigma = 1\n  sigma = 2\n}", "a.conf:3: involute.sigma: set twice, first in line 2; allowed: once in a file")]
    [InlineData("involute.pairs = 1\ninvolute { pairs = 1 }", "a.conf:2: involute.pairs: set twice, first in line 1; ")]
    [InlineData("involute.task = quadratic\ninvolute.task { dimension = 1 }", "a.conf:2: involute.task: set twice, first in line 1; ")]
    [InlineData("involute.sigma = big", "a.conf:1: involute.sigma: 'big' is not a number; allowed: a number at least 1e-09 and at most 1000, with a decimal point")]
    [InlineData("involute.sigma = \"0.1\"", "a.conf:1: involute.sigma: the text '0.1' is not a number; ")]
    [InlineData("involute.sigma = [0.1]", "a.conf:1: involute.sigma: a list is not a number; ")]
    [InlineData("involute.sigma { x = 1 }", "a.conf:1: involute.sigma: a block is not a number; ")]
    [InlineData("involute.sigma = true", "a.conf:1: involute.sigma: 'true' is not a number; ")]
    [InlineData("involute.sigma = null", "a.conf:1: involute.sigma: null is not a value; leave the key out instead; ")]
    [InlineData("involute.sigma = NaN", "a.conf:1: involute.sigma: 'NaN' is not a number; ")]
    [InlineData("involute.sigma = Infinity", "a.conf:1: involute.sigma: 'Infinity' is not a number; ")]
    [InlineData("involute.sigma = 1e400", "a.conf:1: involute.sigma: '1e400' is out of range; allowed: a number at least 1e-09 and at most 1000")]
    [InlineData("involute.sigma = 0", "a.conf:1: involute.sigma: '0' is out of range; ")]
    [InlineData("involute.sigma = -0.1", "a.conf:1: involute.sigma: '-0.1' is out of range; ")]
    [InlineData("involute.optimizer.beta1 = 1e-400", "a.conf:1: involute.optimizer.beta1: '1e-400' is out of range; ")]
    [InlineData("involute.optimizer.beta1 = 1", "a.conf:1: involute.optimizer.beta1: '1' is out of range; allowed: a number at least 0 and less than 1")]
    [InlineData("involute.optimizer.epsilon = 0", "a.conf:1: involute.optimizer.epsilon: '0' is out of range; allowed: a number greater than 0 and at most 1")]
    [InlineData("involute {\n  sigma = 0,01\n}", "a.conf:2: involute.sigma: '0,01' is not a number; allowed: a decimal point, as in 0.01, ")]
    [InlineData("involute.sigma = 0x1", "a.conf:1: involute.sigma: '0x1' is not a number; ")]
    [InlineData("involute.pairs = 0", "a.conf:1: involute.pairs: '0' is out of range; allowed: a whole number from 1 to 1000000")]
    [InlineData("involute.pairs = 1000000000", "a.conf:1: involute.pairs: '1000000000' is out of range; ")]
    [InlineData("involute.window = 5 m", "a.conf:1: involute.window: '5 m' is not a whole number; ")]
    [InlineData("involute.window = inner steps", "a.conf:1: involute.window: 'inner steps' is not a whole number; ")]
    [InlineData("involute.pairs = 8.0", "a.conf:1: involute.pairs: '8.0' is not a whole number; ")]
    [InlineData("involute.pairs = 1_000", "a.conf:1: involute.pairs: '1_000' is not a whole number; ")]
    [InlineData("involute.seed = 9223372036854775808", "a.conf:1: involute.seed: '9223372036854775808' is out of range; allowed: a whole number from -9223372036854775808 to 9223372036854775807")]
    [InlineData("involute.window-loss = means", "a.conf:1: involute.window-loss: unknown value 'means' (did you mean 'mean'?); allowed: mean, sum, last")]
    [InlineData("involute.aggregation = asynchronous", "a.conf:1: involute.aggregation: unknown value 'asynchronous' (did you mean 'synchronous'?); allowed: synchronous")]
    [InlineData("involute.task = quadric", "a.conf:1: involute.task.name: unknown name 'quadric' (did you mean 'quadratic'?); allowed: fashion-mnist-8-relu32, image-mlp, quadratic, fixed-dim-quadratic")]
    [InlineData("involute.task.name = cifar", "a.conf:1: involute.task.name: unknown name 'cifar'; allowed: fashion-mnist-8-relu32, ")]
    [InlineData("involute.optimizer = lion", "a.conf:1: involute.optimizer.name: unknown name 'lion'; allowed: sgd, sgdm, adam")]
    [InlineData("involute.estimator = es", "a.conf:1: involute.estimator.name: unknown name 'es'")]
    [InlineData("involute.estimator = pse", "a.conf:1: involute.estimator.name: unknown name 'pse' (did you mean 'pes'?); allowed: ")]
    [InlineData("involute.task = [1]", "a.conf:1: involute.task: a list is not a block; ")]
    [InlineData("involute.task { dimension = 3 }", "a.conf:1: involute.task.dimension: unknown key; allowed: name")]
    [InlineData("involute.task { name = quadratic, dimenson = 3 }", "a.conf:1: involute.task.dimenson: unknown key (did you mean 'dimension'?); allowed: name, dimension")]
    [InlineData("involute.truncation { schedule = constant\n min = 3 }", "a.conf:2: involute.truncation.min: unknown key; allowed: schedule, length, offset")]
    [InlineData("involute.task { name = image-mlp, hidden = [8, 0] }", "a.conf:1: involute.task.hidden[1]: '0' is out of range; allowed: a whole number from 1 to 65536")]
    [InlineData(
        "involute.task { name = image-mlp, hidden = 8 }",
        "a.conf:1: involute.task.hidden: '8' is not an allowed list; ")]
    public void A_wrong_setting_is_named_with_its_line(string text, string message) =>
        Assert.StartsWith(message, _files.Refusal(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("involute {\n  sigma = 1\n", "a.conf:1: involute: the block that opens here is not closed; allowed: a block that ends with '}'")]
    [InlineData("{ involute.sigma = 1\n", "a.conf:1: the block that opens here is not closed; ")]
    [InlineData("involute {\n  task.hidden = [1,2\n}\n", "a.conf:2: involute.task.hidden: the list that opens here is not closed; allowed: a list that ends with ']'")]
    [InlineData("involute {\n  task.hidden = [1,2\n  sigma = 3\n}\n", "a.conf:2: involute.task.hidden: the list that opens here is not closed; ")]
    [InlineData("involute.task.hidden = [1,2", "a.conf:1: involute.task.hidden: the list that opens here is not closed; ")]
    [InlineData("involute {\n  task.data-folder = \"abc\n}", "a.conf:2: involute.task.data-folder: the text that opens here is not closed; ")]
    [InlineData("involute {\n\n  task.data-folder = \"\"\"abc\n}", "a.conf:3: involute.task.data-folder: the text that opens here is not closed; ")]
    [InlineData("involute {\n  task.data-folder = \"\\q\"\n}", "a.conf:2: involute.task.data-folder: unknown escape in a text; ")]
    [InlineData("involute {\n  task.data-folder = \"\\u12\"\n}", "a.conf:2: involute.task.data-folder: unknown escape in a text; ")]
    [InlineData("involute { } }", "a.conf:1: unexpected '}' where a key should be; ")]
    [InlineData("{ involute { } } x", "a.conf:1: unexpected 'x' after the closing '}'; ")]
    [InlineData("involute { sigma = }", "a.conf:1: involute.sigma: the key has no value; ")]
    [InlineData("involute {\n sigma =\n pairs = 8 }", "a.conf:2: involute.sigma: the key has no value; ")]
    [InlineData("involute { sigma }", "a.conf:1: involute.sigma: the key has no value; ")]
    [InlineData(
        "involute { sigma 1 }",
        "a.conf:1: involute.sigma: unexpected '1' after a key; allowed: KEY = VALUE or KEY { … }")]
    [InlineData("involute { sigma = 1 pairs = 8 }", "a.conf:1: involute.sigma: unexpected '=' in a value; ")]
    [InlineData("involute { sigma = \"1\" 2 }", "a.conf:1: involute: unexpected '2' after a value; ")]
    [InlineData("involute { a = 1,, b = 2 }", "a.conf:1: involute: unexpected ',' where a key should be; ")]
    [InlineData("involute { .a = 1 }", "a.conf:1: involute: unexpected '.' where a key should be; ")]
    [InlineData("involute.task.hidden = [,1]", "a.conf:1: involute.task.hidden: a value is missing; ")]
    [InlineData("x = 1\ninvolute.sigma = ${x}", "a.conf:2: involute.sigma: substitutions (${…}) are not supported; allowed: the value itself")]
    [InlineData("include \"b.conf\"", "a.conf:1: include: include is not supported; allowed: several --config FILE, of which later ones win")]
    [InlineData("include file(\"b.conf\")", "a.conf:1: include: include is not supported; ")]
    [InlineData("involute.task.hidden += 3", "a.conf:1: involute.task.hidden: appending with '+=' is not supported; ")]
    [InlineData("akka {\n  a = [1,2\n}", "a.conf:2: akka.a: the list that opens here is not closed; ")]
    [InlineData("akka {\n  a = \"b\n}", "a.conf:2: akka.a: the text that opens here is not closed; ")]
    [InlineData("\nakka { a { }", "a.conf:2: akka: the block that opens here is not closed; ")]
    [InlineData("akka.a = [1, $2]", "a.conf:1: akka.a: unexpected '$' in a value; ")]
    [InlineData("akka { a = 1\n a = 2 }", "a.conf:2: akka.a: set twice, first in line 1; ")]
    [InlineData("akka = 5", "a.conf:1: akka: '5' is not a block; ")]
    [InlineData("", "a.conf: the file is empty; allowed: settings in a block involute { … }")]
    [InlineData(" \n\t\r\n", "a.conf: the file is empty; ")]
    [InlineData("\uFEFF", "a.conf: the file is empty; ")]
    [InlineData("involute {\r\n  sgima = 1\r\n}", "a.conf:2: involute.sgima: unknown key ")]
    [InlineData("involute {\n\u0007}", "a.conf:2: unexpected control character '\\u0007'; ")]
    public void A_wrong_form_is_named_with_its_line(string text, string message) =>
        Assert.StartsWith(message, _files.Refusal(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("involute.truncation { min = 10, max = 9 }", "a.conf:1: involute.truncation.max: 9 is less than truncation.min = 10; allowed: at least truncation.min")]
    [InlineData("involute.window-loss = last", "a.conf:1: involute.window-loss: last needs every trajectory to end with a window; allowed: mean, sum, or last with ")]
    [InlineData("involute { window-loss = last, truncation { schedule = constant, length = 60, offset = 0 } }", "a.conf:1: involute.window-loss: last needs ")]
    [InlineData("involute { window-loss = last, truncation { schedule = constant, length = 100, offset = 50 } }", "a.conf:1: involute.window-loss: last needs ")]
    [InlineData("involute.meta-optimizer { epsilon = 0, epsilon-root = 0 }", "a.conf:1: involute.meta-optimizer.epsilon: epsilon and epsilon-root are both 0, ")]
    [InlineData("involute.truncation { schedule = never-ending, offset = stationary }", "a.conf:1: involute.truncation.offset: trajectories that never end have no stationary places; allowed: a whole number from 0 to 10000000")]
    [InlineData("involute { window-loss = last, truncation { schedule = constant, length = 100, offset = stationary } }", "a.conf:1: involute.window-loss: last needs ")]
    [InlineData("involute.truncation.offset = stationry", "a.conf:1: involute.truncation.offset: 'stationry' is not a whole number (did you mean 'stationary'?); allowed: stationary, or a whole number from 0 to 10000000")]
    [InlineData("involute.truncation.offset = -1", "a.conf:1: involute.truncation.offset: '-1' is out of range; allowed: stationary, or a whole number from 0 to 10000000")]
    [InlineData("involute.task { name = image-mlp, image-size = 28 }", "a.conf:1: involute.task.image-size: without task.data-folder there are only images of size 8; ")]
    [InlineData("involute.task { name = image-mlp, data-folder = ~/data }", "a.conf:1: involute.task.data-folder: '~' is not expanded; ")]
    public void Settings_that_contradict_each_other_are_refused(string text, string message) =>
        Assert.StartsWith(message, _files.Refusal(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("involute.std = 0.1", "'std' is involute.sigma or involute.truncation.spread)")]
    [InlineData("involute.num_tasks = 8", "'num_tasks' is involute.pairs)")]
    [InlineData("involute.trunc-length = 8", "'trunc-length' is involute.window)")]
    [InlineData("involute.unroll_length = 8", "'unroll_length' is involute.window or involute.truncation.length)")]
    [InlineData("involute.truncation.total_length = 8", "'total_length' is involute.truncation.length)")]
    [InlineData("involute.truncation.min_length = 8", "'min_length' is involute.truncation.min)")]
    [InlineData("random_initial_iteration_offset = 8", "'random_initial_iteration_offset' is involute.truncation.offset)")]
    [InlineData("involute.estimator { name = full-es, loss_type = avg }", "'loss_type' is involute.estimator.loss)")]
    [InlineData("involute.estimator.sign_delta_loss_scalar = 1", "'sign_delta_loss_scalar' is involute.estimator.sign-loss-diff)")]
    [InlineData("involute.estimator.recompute_samples = 1", "'recompute_samples' is involute.estimator.recompute-batches)")]
    [InlineData("involute.estimator = TruncatedPES", "'TruncatedPES' is involute.estimator = persistent-es)")]
    [InlineData("involute.task_family = quadratic", "'task_family' is involute.task)")]
    [InlineData("involute.task = FixedDimQuadraticFamily", "'FixedDimQuadraticFamily' is involute.task = fixed-dim-quadratic)")]
    [InlineData("involute.optimizer = LearnableAdam", "'LearnableAdam' is involute.optimizer = adam)")]
    [InlineData("involute.truncation = LogUniformLengthSchedule", "'LogUniformLengthSchedule' is involute.truncation = log-uniform)")]
    [InlineData("involute.meta-optimizer.learning-rate-schedule = ExponentialDecay", "is involute.meta-optimizer.learning-rate-schedule = exponential-decay)")]
    [InlineData("involute.steps_per_jit = 5", "'steps_per_jit' has no counterpart here)")]
    public void A_name_of_the_reference_system_is_answered_with_ours(string text, string answer)
    {
        var refusal = _files.Refusal(text);
        Assert.StartsWith("a.conf:1: ", refusal, StringComparison.Ordinal);
        Assert.Contains(answer, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_configuration_must_not_miss_a_key()
    {
        var text = ConfigurationLoader.Load([], []).ToHocon().Replace("  sigma = 0.1\n", "", StringComparison.Ordinal);
        var refusal = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Parse(text, "config.conf"));
        Assert.Equal(
            "config.conf:1: involute.sigma: missing key; allowed: a number at least 1e-09 and at most 1000",
            refusal.Message);
    }

    [Theory]
    [InlineData("involute.sigma=0", "--set involute.sigma=0: involute.sigma: '0' is out of range; ")]
    [InlineData("involute.sigma=0,01", "--set involute.sigma=0,01: involute.sigma: '0,01' is not a number; ")]
    [InlineData("involute.sigma=", "--set involute.sigma=: involute.sigma: the key has no value; ")]
    [InlineData("involute.sigma", "--set involute.sigma: not of the form KEY=VALUE; ")]
    [InlineData("=1", "--set =1: not of the form KEY=VALUE; ")]
    [InlineData("sigma=1", "--set sigma=1: sigma: unknown key (did you mean 'involute.sigma'?); ")]
    [InlineData("involute.task.hidden=[1", "--set involute.task.hidden=[1: involute.task.hidden: the list that opens here is not closed; ")]
    [InlineData("involute.a\nb=1", "--set involute.a\\u000ab=1: not of the form KEY=VALUE; ")]
    [InlineData("involute.task=a\u0001", "--set involute.task=a\\u0001: unexpected control character '\\u0001'; ")]
    [InlineData("akka=1", "--set akka=1: akka: '1' is not a block; ")]
    [InlineData("involute.task={name=quadratic", "--set involute.task={name=quadratic: involute.task: the block that opens here ")]
    [InlineData("involute..a=1", "--set involute..a=1: unexpected '.' where a key should be; ")]
    public void A_wrong_argument_is_shown_whole(string argument, string message)
    {
        var actual = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load([], [argument])).Message;
        Assert.StartsWith(message, actual, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', actual);
    }

    [Fact]
    public void Files_that_are_no_text_are_refused()
    {
        var message = _files.Refusal([0x69, 0xFF, 0xFE]);
        Assert.StartsWith("a.conf: the file is not text in UTF-8; ", message, StringComparison.Ordinal);
        var missing = Path.Combine(_files.Folder, "none.conf");
        Assert.StartsWith($"{missing}: no such file; ", RefusalOf(missing), StringComparison.Ordinal);
        Assert.StartsWith($"{_files.Folder}: is a folder; ", RefusalOf(_files.Folder), StringComparison.Ordinal);
        Assert.StartsWith(": cannot be read; ", RefusalOf(""), StringComparison.Ordinal);
    }

    [Fact]
    public void Bombs_are_refused_quickly()
    {
        Assert.StartsWith(
            "a.conf: the file is too large; allowed: at most 1048576 bytes",
            _files.Refusal(new string('#', 2_000_000)), StringComparison.Ordinal);
        foreach (var (start, opening) in new[] { ("", "a {"), ("", "a = {"), ("", "a."), ("a = ", "[") })
        {
            var bomb = new StringBuilder(start).Insert(start.Length, opening, 200_000);
            Assert.Contains("at most 32 levels", _files.Refusal(bomb.ToString()), StringComparison.Ordinal);
        }

        var digits = new string('9', 1_000_000);
        Assert.Contains("is out of range", _files.Refusal($"involute.sigma = {digits}"), StringComparison.Ordinal);
        Assert.Contains("is not a number", _files.Refusal($"involute.sigma = {digits}x"), StringComparison.Ordinal);
        Assert.Contains("is too long", _files.Refusal($"involute.x{digits} = 1"), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
        german.NumberFormat.NegativeSign = "−";
        try
        {
            CultureInfo.CurrentCulture = german;
            var configuration = _files.Load("involute { sigma = 0.25, seed = -7 }");
            Assert.Equal(0.25, configuration.Sigma);
            Assert.Contains("  seed = -7\n", configuration.ToHocon(), StringComparison.Ordinal);
            Assert.Contains("  sigma = 0.25\n", configuration.ToHocon(), StringComparison.Ordinal);
            Assert.Equal(configuration, ConfigurationLoader.Parse(configuration.ToHocon(), "x"));
            Assert.Contains("'0,01'", _files.Refusal("involute.sigma = 0,01"), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string RefusalOf(string path) =>
        Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load([path], [])).Message;
}
