// Package job is the order of the steps, and the only package that knows it:
// read and check the inputs, open the sources, pin the final block of each
// chain, crawl, seal, cluster, trace, write, publish.
package job
