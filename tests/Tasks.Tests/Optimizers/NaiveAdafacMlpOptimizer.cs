using Involute.Tasks.Numerics;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>AdafacMLPLOpt (arXiv 2203.11860) in double; averages over dimensions by grouping index lists.</summary>
internal sealed class NaiveAdafacMlpOptimizer(TensorSlice[] tensors, double stepMultiplier = 0.001)
    : NaiveRule(tensors, stepMultiplier, 0.001), INaiveOptimizer
{
    private readonly Dictionary<string, double> _averages = [];
    private double[] _theta = [];

    public void Update(double[] theta, double[] parameters, double[] gradient)
    {
        _theta = theta;
        Update(theta, 7, [39, 4, 4, 2], parameters, gradient);
    }

    protected override List<double[]> Columns(TensorSlice tensor, double[] parameters, double[] gradient)
    {
        var places = Places(tensor.Shape);
        var n = tensor.Length;
        var g = gradient[tensor.Offset..(tensor.Offset + n)];
        var p = parameters[tensor.Offset..(tensor.Offset + n)];
        double[] Column(Func<int, double> value) => [.. Enumerable.Range(0, n).Select(value)];
        double Averaged(string kind, string key, double decay, double value)
        {
            var name = $"{tensor.Name} {kind} {key}";
            _averages[name] = (decay * _averages.GetValueOrDefault(name)) + ((1 - decay) * value);
            return _averages[name];
        }

        var m = new double[3][];
        for (var d = 0; d < 3; d++)
        {
            m[d] = Column(i => Averaged($"m{d}", $"{i}", Decay(Initial[d], d), g[i]));
        }

        var r = Column(i => Averaged("r", $"{i}", Math.Clamp(Decay(0.999, 3), 0, 1), g[i] * g[i]));
        double[][] row = new double[3][], column = new double[3][];
        double[][] forGradient = new double[3][], forMomentum = new double[3][];
        for (var d = 0; d < 3; d++)
        {
            var decay = Math.Clamp(Decay(Initial[d], 4 + d), 0, 1);
            if (tensor.Shape.Count < 2)
            {
                var v = Column(i => Averaged($"v{d}", $"{i}", decay, (g[i] * g[i]) + 1e-30));
                row[d] = column[d] = v;
                forGradient[d] = Column(i => SafeInverseRoot(v[i] + 1e-9));
                forMomentum[d] = Column(i => 1 / Math.Sqrt(v[i] + 1e-6));
                continue;
            }

            // A stable sort by size: the last is the largest dimension.
            var order = Enumerable.Range(0, tensor.Shape.Count).OrderBy(dimension => tensor.Shape[dimension]).ToArray();
            var (d0, d1) = (order[^1], order[^2]);
            var rows = Enumerable.Range(0, n).GroupBy(i => Key(places[i], d0)).ToDictionary(
                group => group.Key,
                group => Averaged($"row{d}", group.Key, decay, group.Average(i => (g[i] * g[i]) + 1e-30)));
            var columns = Enumerable.Range(0, n).GroupBy(i => Key(places[i], d1)).ToDictionary(
                group => group.Key,
                group => Averaged($"column{d}", group.Key, decay, group.Average(i => (g[i] * g[i]) + 1e-30)));
            var means = Enumerable.Range(0, n).GroupBy(i => Key(places[i], d0, d1)).ToDictionary(
                group => group.Key, group => group.Average(i => rows[Key(places[i], d0)]));
            row[d] = Column(i => rows[Key(places[i], d0)]);
            column[d] = Column(i => columns[Key(places[i], d1)]);
            var (ofRow, ofColumn) = (row[d], column[d]);
            forGradient[d] = forMomentum[d] = Column(i =>
                SafeInverseRoot(ofRow[i] / (means[Key(places[i], d0, d1)] + 1e-9)) * SafeInverseRoot(ofColumn[i]));
        }

        return
        [
            g, p, .. m, r,
            .. m.Select(of => Column(i => of[i] / Math.Sqrt(r[i] + 1e-6))),
            Column(i => 1 / Math.Sqrt(r[i] + 1e-6)),
            .. forGradient.Select(factor => Column(i => g[i] * factor[i])),
            .. row.Select(of => (double[])of.Clone()),
            .. column.Select(of => (double[])of.Clone()),
            .. row.Select(of => Column(i => 1 / Math.Sqrt(of[i] + 1e-8))),
            .. column.Select(of => Column(i => 1 / Math.Sqrt(of[i] + 1e-8))),
            .. m.Select((of, d) => Column(i => of[i] * forMomentum[d][i])),
        ];
    }

    private static readonly double[] Initial = [0.9, 0.99, 0.999];

    private double Decay(double initial, int i) => 1 - ((1 - initial) * PortableMath.Exp(10 * _theta[i]));

    private static double SafeInverseRoot(double x) => 1 / Math.Sqrt(Math.Max(x, 1e-9));

    private static string Key(int[] place, params int[] without) =>
        string.Join(",", place.Where((_, dimension) => !without.Contains(dimension)));

    private static int[][] Places(IReadOnlyList<int> shape)
    {
        int[][] places = [[]];
        foreach (var size in shape)
        {
            places = [.. places.SelectMany(place => Enumerable.Range(0, size).Select(i => (int[])[.. place, i]))];
        }

        return places;
    }
}
