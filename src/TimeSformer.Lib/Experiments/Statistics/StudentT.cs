namespace TimeSformer.Experiments.Statistics;

/// <summary>Student's distribution.</summary>
internal static class StudentT
{
    /// <summary>The number that |T| does not exceed with a probability, such as 4.303 for 0.95 and two degrees of freedom.</summary>
    /// <param name="probability">From 0 to 1.</param>
    /// <param name="freedom">Degrees of freedom, at least 1.</param>
    public static double Critical(double probability, int freedom)
    {
        double low = 0, high = Math.PI / 2;
        for (int halving = 0; halving < 60; halving++)
        {
            double angle = (low + high) / 2;
            if (Within(angle, freedom) < probability) low = angle;
            else high = angle;
        }
        return Math.Sqrt(freedom) * Math.Tan(low);
    }

    // The probability of |T| ≤ √freedom · tan(angle): Abramowitz and Stegun, 26.7.3 and 26.7.4.
    private static double Within(double angle, int freedom)
    {
        bool isOdd = freedom % 2 == 1;
        double cosine = Math.Cos(angle), term = isOdd ? cosine : 1, sum = freedom > 1 ? term : 0;
        for (int power = isOdd ? 3 : 2; power <= freedom - 2; power += 2)
        {
            term *= (power - 1.0) / power * cosine * cosine;
            sum += term;
        }
        return isOdd ? 2 / Math.PI * (angle + (Math.Sin(angle) * sum)) : Math.Sin(angle) * sum;
    }
}
